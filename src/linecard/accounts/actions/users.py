"""Making users, and what a user changes about their own account."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actions.groups import (
    lock_groups,
    ready_made_group,
    refresh_permissions,
    require_grantable,
)
from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.actions.proving import require_password
from linecard.accounts.actions.sessions import drop_sessions
from linecard.accounts.actions.tokens import revoke_tokens
from linecard.accounts.actor import UserActor
from linecard.accounts.fields import MAX_PASSWORD_LENGTH, USER_FIELDS
from linecard.accounts.models import MAX_USERNAME_KEY_LENGTH, Group, Reseller, User
from linecard.accounts.origin import may_come_from
from linecard.accounts.scope import in_scope
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.fields import Context, JSONValue, clean_values
from linecard.kernel.errors import Conflict, Invalid, NotFound, Stale
from linecard.kernel.names import name_key
from linecard.kernel.regional import regional, shown_number


class _Unchanged:
    """Stands for a reseller that stays as it is, where none means none."""


UNCHANGED: Final = _Unchanged()


@transaction.atomic
def create_user(
    *,
    username: str,
    by: Actor,
    password: str | None = None,
    name: str = "",
    email: str = "",
    time_zone: str | None = None,
    language: str = "en",
    allowed_addresses: Sequence[str] = (),
    reseller: Reseller | None = None,
    groups: Sequence[Group] | None = None,
    is_administrator: bool = False,
) -> User:
    """Make a user; without a password nobody can sign in as them until they are invited.

    Without groups they get the usual one: that of administrators, of a reseller's members or of account managers.
    Without a time zone they get that of the installation.
    Raises ``Forbidden`` and ``Invalid``.
    """
    if isinstance(by, UserActor):
        by.require("users", "create")
        reseller = _own_reseller(by, reseller)
    given: dict[str, JSONValue] = {
        "username": username,
        "name": name,
        "email": email,
        "time_zone": regional().time_zone if time_zone is None else time_zone,
        "language": language,
        "allowed_addresses": list(allowed_addresses),
    }
    values = _clean(given)
    groups = _usual_groups(reseller, is_administrator=is_administrator) if groups is None else groups
    _require_fitting(groups, reseller, by)
    key = _free_key(values["username"], except_id=None)
    lock_groups()
    user = User(username_key=key, reseller=reseller, **values)
    put_password(user, password)
    user.save()
    user.groups.set(groups)
    refresh_permissions([user])
    given |= {"reseller": reseller.pk if reseller else None, "groups": sorted(group.name for group in groups)}
    changes = {field: (None, value) for field, value in given.items() if value}
    record(by=by, action="user.created", subject_type="user", subject_id=user.pk, changes=changes)
    return user


@transaction.atomic
def update_user(
    *,
    user_id: int,
    by: UserActor,
    values: Mapping[str, JSONValue],
    reseller: Reseller | _Unchanged | None = UNCHANGED,
    groups: Sequence[Group] | None = None,
    is_active: bool | None = None,
    expected_version: int | None = None,
) -> User:
    """Change somebody else's account; ``values`` are fields of ``USER_FIELDS``, what is left out stays.

    Deactivating ends all sessions and tokens at once, for good; the history keeps the user. Raises ``Forbidden``, also
    for somebody who may do more, ``NotFound``, ``Stale``, ``Invalid``, and ``Conflict`` where nobody would be left who
    may manage users.
    """
    by.require("users", "update")
    lock_groups()
    user = lock_user(user_id, by)
    if expected_version is not None and user.version != expected_version:
        raise Stale(gettext("Somebody changed this user in the meantime. Read it again."))
    require_may_open(user, by)
    before = user_values(user)
    for field, value in _clean(values).items():
        setattr(user, field, value)
    _require_way_in(user, by)
    user.username_key = _free_key(user.username, except_id=user.pk)
    if not isinstance(reseller, _Unchanged):
        user.reseller = _own_reseller(by, reseller)
    if is_active is not None:
        user.is_active = is_active
        user.session_epoch += 0 if is_active else 1
    wanted = list(user.groups.all()) if groups is None else list(groups)
    _require_fitting(wanted, user.reseller, by if groups is not None else None)
    was_in_charge = user.is_administrator and before["active"]
    user.is_administrator = any(group.everything for group in wanted)
    user.version += 1
    user.save()
    user.groups.set(wanted)
    refresh_permissions([user])
    if was_in_charge and not (user.is_administrator and user.is_active):
        _require_administrator_left()
    if not user.is_active:
        drop_sessions(user)
        revoke_tokens(user, by=by)
    after = user_values(user)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if changes:
        record(by=by, action="user.updated", subject_type="user", subject_id=user.pk, changes=changes)
    return user


def user_values(user: User) -> dict[str, JSONValue]:
    """What the history and the API tell of a user."""
    return {
        **{name: getattr(user, name) for name in USER_FIELDS},
        "reseller": user.reseller_id,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "active": user.is_active,
    }


def lock_user(user_id: int, by: UserActor) -> User:
    """A user that the acting one may manage, locked. Raises ``NotFound``."""
    users = in_scope(User.objects.filter(pk=user_id), by.user)
    user = users.select_for_update(of=("self",)).first()
    if user is None:
        raise NotFound(gettext("There is no such user."))
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor) -> None:
    """Give somebody a new password; their sessions end. Raises ``Forbidden``, and ``Invalid`` when it is too weak."""
    require_may_open(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)
    put_password(user, password)
    user.invited_at = None
    user.save(update_fields=["password", "invited_at"])
    drop_sessions(user)
    record(by=by, action="user.password_set", subject_type="user", subject_id=user.pk)


def change_own_password(*, current: str, new: str, by: UserActor) -> None:
    """Change one's own password; all sessions end. Raises ``Invalid``."""
    require_password(password=current, by=by, field="current")
    set_password(user=by.user, password=new, by=by)


@transaction.atomic
def update_own_profile(*, user: User, name: str, email: str, time_zone: str, by: Actor) -> User:
    """Change one's own name, email and time zone. Raises ``Invalid``."""
    values = _clean({"name": name, "email": email, "time_zone": time_zone})
    user = User.objects.select_for_update().get(pk=user.pk)
    changes = {
        field: (getattr(user, field), value)
        for field, value in values.items()
        if getattr(user, field) != value
    }
    if changes:
        for field, value in values.items():
            setattr(user, field, value)
        user.version += 1
        user.save(update_fields=[*values, "version"])
        record(by=by, action="user.updated", subject_type="user", subject_id=user.pk, changes=changes)
    return user


def _free_key(username: str, except_id: int | None) -> str:
    key = name_key(username)
    if len(key) > MAX_USERNAME_KEY_LENGTH:
        raise Invalid(
            {"username": gettext("Is too long when capitals and the like are folded: choose a shorter one.")}
        )
    if User.objects.filter(username_key=key).exclude(pk=except_id or 0).exists():
        raise Invalid(
            {"username": gettext("There is a user named {username} already.").format(username=username)}
        )
    return key


def _usual_groups(reseller: Reseller | None, *, is_administrator: bool) -> list[Group]:
    if is_administrator:
        return [ready_made_group("administrator")]
    return [ready_made_group("reseller" if reseller else "account_manager")]


def _own_reseller(by: UserActor, reseller: Reseller | None) -> Reseller | None:
    """A reseller's users manage only their own kind."""
    own = by.user.reseller
    if own is not None and reseller is not None and reseller.pk != own.pk:
        raise Invalid({"reseller": gettext("There is no such reseller.")})
    return own or reseller


def _require_fitting(groups: Sequence[Group], reseller: Reseller | None, by: Actor | None) -> None:
    if reseller and any(group.everything for group in groups):
        raise Invalid(
            {"reseller": gettext("An administrator manages everything and cannot belong to a reseller.")}
        )
    if by is not None:
        require_grantable(groups, by)


def _require_way_in(user: User, by: UserActor) -> None:
    if user.pk == by.user.pk and by.address and not may_come_from(user, by.address):
        message = gettext(
            "You come from {address}, which is not among them: you would lock yourself out."
        ).format(address=by.address)
        raise Invalid({"allowed_addresses": message})


def _require_administrator_left() -> None:
    """Somebody must be able to mend what everybody else has locked.

    The groups are locked: two administrators who deactivate each other at once come one after the other.
    """
    if not User.objects.filter(is_administrator=True, is_active=True).exists():
        raise Conflict(gettext("This is the last active administrator. Make another one first."))


def _clean(given: Mapping[str, JSONValue]) -> dict[str, Any]:
    values, errors = clean_values(USER_FIELDS, given, Context())
    if errors:
        raise Invalid(errors)
    return values


def put_password(user: User, password: str | None) -> None:
    """Put a password on a user that is not saved yet; None is one that nobody can type. Raises ``Invalid``."""
    if password is None:
        user.set_unusable_password()
        return
    if len(password) > MAX_PASSWORD_LENGTH:
        raise Invalid(
            {"password": gettext("At most {most} characters.").format(most=shown_number(MAX_PASSWORD_LENGTH))}
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": " ".join(error.messages)}) from error
    user.set_password(password)
