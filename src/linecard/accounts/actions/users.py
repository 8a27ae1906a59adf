"""Making users, and what a user changes about their own account."""

from collections.abc import Mapping

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from linecard.accounts.fields import USER_FIELDS
from linecard.accounts.models import MAX_USERNAME_KEY_LENGTH, Reseller, User
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.fields import Context, JSONValue, clean_values
from linecard.kernel.errors import Invalid
from linecard.kernel.names import name_key


@transaction.atomic
def create_user(
    *,
    username: str,
    by: Actor,
    password: str | None = None,
    name: str = "",
    email: str = "",
    time_zone: str = "UTC",
    reseller: Reseller | None = None,
    is_administrator: bool = False,
) -> User:
    """Make a user; without a password nobody can sign in as them. Raises ``Invalid``."""
    given: dict[str, JSONValue] = {"username": username, "name": name, "email": email, "time_zone": time_zone}
    values = _clean(given)
    if is_administrator and reseller:
        raise Invalid({"reseller": "An administrator manages everything and cannot belong to a reseller."})
    key = name_key(values["username"])
    if len(key) > MAX_USERNAME_KEY_LENGTH:
        raise Invalid(
            {"username": "Is too long when capitals and the like are folded: choose a shorter one."}
        )
    if User.objects.filter(username_key=key).exists():
        raise Invalid({"username": f"There is a user named {values['username']} already."})
    user = User(username_key=key, reseller=reseller, is_administrator=is_administrator, **values)
    _put_password(user, password)
    user.save()
    given |= {"reseller": reseller.pk if reseller else None, "is_administrator": is_administrator}
    changes = {field: (None, value) for field, value in given.items() if value}
    record(by=by, action="user.created", subject_type="user", subject_id=user.pk, changes=changes)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor) -> None:
    """Give somebody a new password; their sessions end. Raises ``Invalid`` when it is too weak."""
    user = User.objects.select_for_update().get(pk=user.pk)
    _put_password(user, password)
    user.save(update_fields=["password"])
    record(by=by, action="user.password_set", subject_type="user", subject_id=user.pk)


def change_own_password(*, user: User, current: str, new: str, by: Actor) -> None:
    """Change one's own password; all sessions end. Raises ``Invalid``."""
    if not user.check_password(current):
        raise Invalid({"current": "This is not your present password."})
    set_password(user=user, password=new, by=by)


@transaction.atomic
def sign_out_everywhere(*, user: User, by: Actor) -> None:
    """End every session of the user."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    record(by=by, action="user.signed_out_everywhere", subject_type="user", subject_id=user.pk)


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
        user.save(update_fields=list(values))
        record(by=by, action="user.updated", subject_type="user", subject_id=user.pk, changes=changes)
    return user


def _clean(given: Mapping[str, JSONValue]) -> dict[str, str]:
    values, errors = clean_values(USER_FIELDS, given, Context())
    if errors:
        raise Invalid(errors)
    return values


def _put_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid({"password": " ".join(error.messages)}) from error
    user.set_password(password)
