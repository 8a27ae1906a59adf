"""Groups, and who is in them. Whatever changes here also changes what the members may do, at once."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.fields import GROUP_NAME
from linecard.accounts.models import Group, User
from linecard.accounts.permissions import VERBS, added_up, all_areas
from linecard.accounts.ready_made import READY_MADE
from linecard.accounts.scope import require_staff
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.fields import Refused
from linecard.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from linecard.kernel.names import name_key
from linecard.kernel.regional import shown_number

Permissions = Mapping[str, Iterable[str]]


def ready_made_group(key: str) -> Group:
    """A group that is there from the start; made when it is missing."""
    made = READY_MADE[key]
    group, _ = Group.objects.get_or_create(
        ready_made=key,
        defaults={
            "name": made.name,
            "name_key": name_key(made.name),
            "permissions": dict(made.permissions),
            "everything": made.everything,
        },
    )
    return group


def make_ready_made_groups() -> None:
    """Make those of the ready-made groups that are missing."""
    for key in READY_MADE:
        ready_made_group(key)


@transaction.atomic
def create_group(*, name: str, permissions: Permissions, by: UserActor) -> Group:
    """Make a group. Raises ``Forbidden`` and ``Invalid``."""
    by.require("users", "create")
    require_staff(by.user)
    values = _clean(name, permissions, by, except_id=None)
    group = Group.objects.create(**values)
    changes = {"name": (None, group.name), "permissions": (None, group.permissions)}
    record(by=by, action="group.created", subject_type="group", subject_id=group.pk, changes=changes)
    return group


@transaction.atomic
def update_group(
    *,
    group_id: int,
    by: UserActor,
    name: str | None = None,
    permissions: Permissions | None = None,
    expected_version: int | None = None,
) -> Group:
    """Change a group, and at once what its members may do; what is not given stays.

    Raises ``Forbidden``, ``NotFound``, ``Stale``, ``Invalid``, and ``Conflict`` for the administrators' group.
    """
    by.require("users", "update")
    require_staff(by.user)
    lock_groups()
    group = _lock(group_id)
    if group.everything:
        raise Conflict(gettext("Administrators may do everything; this group cannot be changed."))
    if not may_grant(group, by.user):
        raise Forbidden(
            gettext(
                "{name} permits more than you may do yourself, so only an administrator changes it."
            ).format(name=group.name)
        )
    if expected_version is not None and group.version != expected_version:
        raise Stale(gettext("Somebody changed this group in the meantime. Read it again."))
    name = group.name if name is None else name
    permissions = group.permissions if permissions is None else permissions
    values = _clean(name, permissions, by, except_id=group.pk)
    changes = {
        field: (getattr(group, field), values[field])
        for field in ("name", "permissions")
        if getattr(group, field) != values[field]
    }
    if changes:
        for field, value in values.items():
            setattr(group, field, value)
        group.version += 1
        group.save()
        refresh_permissions(group.members.all())
        record(by=by, action="group.updated", subject_type="group", subject_id=group.pk, changes=changes)
    return group


@transaction.atomic
def delete_group(*, group_id: int, by: UserActor) -> None:
    """Delete a group that nobody is in. Raises ``Forbidden``, ``NotFound`` and ``Conflict``."""
    by.require("users", "delete")
    require_staff(by.user)
    group = _lock(group_id)
    if group.ready_made:
        raise Conflict(
            gettext("{name} is there from the start; change what it permits instead.").format(name=group.name)
        )
    members = group.members.count()
    if members:
        raise Conflict(
            gettext("{members} users are in this group. Put them into another one first.").format(
                members=shown_number(members)
            )
        )
    changes = {"name": (group.name, None), "permissions": (group.permissions, None)}
    record(by=by, action="group.deleted", subject_type="group", subject_id=group.pk, changes=changes)
    group.delete()


def lock_groups() -> None:
    """Let nobody else change who is in which group, or what it permits, until the transaction ends.

    Two such changes at once would each add up what they see, and the later would bring back what the other took.
    """
    list(Group.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def refresh_permissions(users: Iterable[User]) -> None:
    """Add up anew what users may do, after their groups changed; the groups must be locked."""
    for user in users:
        groups = list(user.groups.all())
        user.permissions = added_up(group.permissions for group in groups)
        user.is_administrator = any(group.everything for group in groups)
        user.save(update_fields=["permissions", "is_administrator"])


def may_grant(group: Group, user: User) -> bool:
    """Whether the group permits nothing that the user may not do."""
    if user.is_administrator:
        return True
    return not group.everything and _is_within(group.permissions, user.permissions)


def require_grantable(groups: Iterable[Group], by: Actor) -> None:
    """Raise ``Invalid`` when somebody would give more than they have themselves."""
    if not isinstance(by, UserActor):
        return
    for group in groups:
        if not may_grant(group, by.user):
            raise Invalid(
                {"groups": gettext("{name} permits more than you may do yourself.").format(name=group.name)}
            )


def _clean(name: str, permissions: Permissions, by: UserActor, except_id: int | None) -> dict[str, object]:
    errors: dict[str, str] = {}
    try:
        name = GROUP_NAME.clean(" ".join(name.split()))
    except Refused as refusal:
        errors["name"] = str(refusal)
    key = name_key(name)
    if not errors and Group.objects.filter(name_key=key).exclude(pk=except_id or 0).exists():
        errors["name"] = gettext("There is a group named {name} already.").format(name=name)
    errors |= _permission_errors(permissions)
    if not errors and not by.user.is_administrator and not _is_within(permissions, by.user.permissions):
        errors["permissions"] = gettext("You cannot permit more than you may do yourself.")
    if errors:
        raise Invalid(errors)
    cleaned = {
        area: [verb for verb in VERBS if verb in verbs] for area, verbs in permissions.items() if list(verbs)
    }
    return {"name": name, "name_key": key, "permissions": cleaned}


def _permission_errors(permissions: Permissions) -> dict[str, str]:
    errors: dict[str, str] = {}
    known = [area.name for area in all_areas()]
    for area, verbs in permissions.items():
        if area not in known:
            errors[f"permissions.{area[:60]}"] = gettext("Must be one of {names}.").format(
                names=", ".join(known)
            )
        elif unknown := set(verbs) - set(VERBS):
            errors[f"permissions.{area}"] = gettext("{wrong!r} is not one of {names}.").format(
                wrong=min(unknown)[:40], names=", ".join(VERBS)
            )
    return errors


def _is_within(given: Permissions, own: Permissions) -> bool:
    return all(set(verbs) <= set(own.get(area, ())) for area, verbs in given.items())


def _lock(group_id: int) -> Group:
    group = Group.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotFound(gettext("There is no such group."))
    return group
