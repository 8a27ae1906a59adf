"""Invitations: a link with which somebody chooses their password, once, within a week."""

from datetime import timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.actions.sessions import drop_sessions
from linecard.accounts.actions.users import put_password
from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.audit.actor import FORM
from linecard.audit.trail import record
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, NotFound

VALID_FOR = timedelta(days=7)

_MAX_LENGTH = 100


@transaction.atomic
def invite_user(*, user: User, by: UserActor) -> str:
    """Make a link for a user; former ones open nothing any more. What comes back is the link's secret part.

    A password that the user has stays until they choose another. Raises ``Forbidden``, ``NotFound``, and ``Conflict``
    for somebody who is not active.
    """
    require_may_open(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Conflict(gettext("{user} is not active.").format(user=user))
    user.invited_at = now()
    user.save(update_fields=["invited_at"])
    record(by=by, action="user.invited", subject_type="user", subject_id=user.pk)
    return f"{user.pk}.{_signature(user)}"


def invited_user(link: str) -> User:
    """The user whom a link invites. Raises ``NotFound`` when it is wrong, used, or too old."""
    return _invited(link, lock=False)


@transaction.atomic
def accept_invitation(*, link: str, password: str, address: str | None) -> User:
    """Choose the password that a link invites to; sessions with a former one end.

    Raises ``NotFound``, and ``Invalid`` for a password that is too weak.
    """
    user = _invited(link, lock=True)
    put_password(user, password)
    user.invited_at = None
    user.save(update_fields=["password", "invited_at"])
    drop_sessions(user)
    by = acting(user, via=FORM, address=address)
    record(by=by, action="user.invitation_used", subject_type="user", subject_id=user.pk)
    return user


def _invited(link: str, *, lock: bool) -> User:
    number, _, signature = link[:_MAX_LENGTH].partition(".")
    users = User.objects.filter(is_active=True, invited_at__gt=now() - VALID_FOR)
    if lock:
        users = users.select_for_update()
    known = number.isascii() and number.isdigit() and len(number) <= 18
    user = users.filter(pk=int(number)).first() if known else None
    if user is None or not constant_time_compare(signature, _signature(user)):
        raise NotFound(
            gettext(
                "This invitation was used, has been replaced by a newer one, or is older than seven days."
            )
        )
    return user


def _signature(user: User) -> str:
    """Another one after each invitation, each new password, and each time that all sessions are ended."""
    moment = user.invited_at.isoformat() if user.invited_at else ""
    state = f"{user.pk}:{moment}:{user.password}:{user.session_epoch}"
    return salted_hmac("linecard.invitation", state, algorithm="sha256").hexdigest()
