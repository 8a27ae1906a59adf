"""Sessions: begun, refused, ended, forgotten."""

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.actor import UserActor
from linecard.accounts.models import Session, User
from linecard.accounts.sessions import SessionStore
from linecard.audit.actor import FORM, Actor
from linecard.audit.trail import record
from linecard.kernel.errors import NotFound
from linecard.kernel.names import name_key

# What stands for the subject where somebody tried a name that no user has.
NO_USER = 0


def note_sign_in(*, by: UserActor, note: str = "") -> None:
    """Tell the trail that a user has signed in; ``note`` says with what, where it was more than a password."""
    _tell(by, "user.signed_in", by.user.pk, note)


def note_sign_out(*, by: UserActor) -> None:
    """Tell the trail that a user has signed out."""
    _tell(by, "user.signed_out", by.user.pk)


def note_failed_sign_in(*, username: str, address: str | None, closed: bool) -> None:
    """Tell the trail of a wrong name or password, and that it was the one that closed the sign-in.

    A name that nobody has is not written down: people type their password there.
    """
    found = User.objects.filter(username_key=name_key(username)).values_list("pk", flat=True).first()
    by = somebody_at(address)
    note = "" if found else gettext("There is no such user.")
    _tell(by, "user.sign_in_failed", found or NO_USER, note)
    if closed:
        _tell(by, "user.locked_out", found or NO_USER, "Too many wrong passwords.")


def note_refused_sign_in(*, user: User, address: str | None) -> None:
    """Tell the trail of a right password from an address that the user may not come from."""
    _tell(somebody_at(address), "user.sign_in_refused", user.pk, "Not from this address.")


@transaction.atomic
def end_session(*, user: User, session_id: int, by: Actor) -> None:
    """Sign a user out in one browser. Raises ``Forbidden`` and ``NotFound``."""
    require_may_open(user, by)
    ended, _ = Session.objects.filter(pk=session_id, user=user).delete()
    if not ended:
        raise NotFound(gettext("There is no such session; perhaps it has ended."))
    _tell(by, "user.session_ended", user.pk)


@transaction.atomic
def sign_out_everywhere(*, user: User, by: Actor) -> None:
    """End every session of the user. Raises ``Forbidden``."""
    require_may_open(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    drop_sessions(user)
    _tell(by, "user.signed_out_everywhere", user.pk)


def drop_sessions(user: User) -> None:
    """Take the rows of sessions away that an action has ended."""
    Session.objects.filter(user=user).delete()


def forget_sessions() -> None:
    """Delete the sessions that are over."""
    SessionStore.clear_expired()


def somebody_at(address: str | None) -> Actor:
    """Who has not signed in: known by their address only."""
    return Actor(user_id=None, name="somebody", via=FORM, address=address)


def _tell(by: Actor, action: str, user_id: int, note: str = "") -> None:
    record(by=by, action=action, subject_type="user", subject_id=user_id, note=note)
