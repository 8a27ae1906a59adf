"""The second factor: set up, asked for, taken off.

A code counts once: the row is locked while it is looked at, and its time step is kept.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.actions.proving import require_password
from linecard.accounts.actions.sessions import somebody_at
from linecard.accounts.actor import UserActor
from linecard.accounts.models import RecoveryCode, SecondFactor, User
from linecard.accounts.one_time_codes import matching_step, new_recovery_codes, new_secret, recovery_hash
from linecard.accounts.sealing import Unreadable, seal, unseal
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Forbidden, Invalid

# As many wrong codes in a row as passwords, and closed for as long, but for all addresses together: whoever is asked
# for a code knows the password already.
MAX_FAILURES = 10
CLOSED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a code. ``closed_for`` is how long no code is looked at; ``note`` tells the trail what it was."""

    accepted: bool
    closed_for: timedelta | None = None
    note: str = ""


@transaction.atomic
def begin_second_factor(*, user: User) -> None:
    """Make a new secret for the user's app; it counts for nothing until a code confirms it. Raises ``Conflict``."""
    User.objects.select_for_update().get(pk=user.pk)
    _require_none(_lock_factor(user))
    SecondFactor.objects.update_or_create(
        user=user, defaults={"secret": seal(new_secret()), "last_step": 0, "failures": 0, "failed_at": None}
    )


def confirm_second_factor(*, password: str, code: str, by: UserActor) -> list[str]:
    """Ask for the second factor from now on; the recovery codes, which can never be read again.

    Raises ``Invalid`` for a wrong password or code, and ``Conflict`` when there is nothing to confirm.
    """
    require_password(password=password, by=by)
    with transaction.atomic():
        factor = _lock_factor(by.user)
        _require_none(factor)
        if factor is None:
            raise Conflict(gettext("Begin with the picture for your app."))
        step = _step(factor, code)
        if step is None:
            raise Invalid(
                {"code": gettext("This is not the code that the app shows now. Is the phone's clock right?")}
            )
        factor.last_step = step
        factor.confirmed_at = now()
        factor.save()
        _tell(by, "user.second_factor_set_up", by.user)
        return _put_recovery_codes(factor)


def renew_recovery_codes(*, password: str, by: UserActor) -> list[str]:
    """Make new recovery codes; the former ones count no more. Raises ``Invalid`` and ``Conflict``."""
    require_password(password=password, by=by)
    with transaction.atomic():
        factor = _require_confirmed(_lock_factor(by.user))
        _tell(by, "user.recovery_codes_made", by.user)
        return _put_recovery_codes(factor)


def drop_own_second_factor(*, password: str, by: UserActor) -> None:
    """Take one's own second factor off. Raises ``Invalid`` and ``Conflict``."""
    require_password(password=password, by=by)
    with transaction.atomic():
        _drop(by.user, by)


@transaction.atomic
def drop_second_factor(*, user: User, by: Actor) -> None:
    """Take off the second factor of somebody who lost it.

    Raises ``Forbidden``, also for one's own, ``NotFound`` and ``Conflict``.
    """
    if by.user_id == user.pk:
        raise Forbidden(
            gettext("Your own second factor is taken off with your password, on your account's page.")
        )
    require_may_open(user, by)
    _drop(user, by)


@transaction.atomic
def check_code(*, user: User, code: str, address: str | None) -> Verdict:
    """Look at a code that somebody typed after the right password: the app's, or a recovery code."""
    factor = _lock_factor(user)
    if factor is None or factor.confirmed_at is None:  # taken off since it was asked for
        return Verdict(True)
    if wait := _closed_for(factor):
        return Verdict(False, wait)
    verdict = _judged(factor, code)
    if verdict.accepted:
        factor.failures, factor.failed_at = 0, None
        factor.save()
        return verdict
    return _count_failure(factor, address)


def _judged(factor: SecondFactor, code: str) -> Verdict:
    step = _step(factor, code)
    if step is not None:
        factor.last_step = step
        return Verdict(True, note="With a code of the app.")
    unused = RecoveryCode.objects.filter(factor=factor, hash=recovery_hash(code), used_at=None)
    return Verdict(unused.update(used_at=now()) == 1, note="With a recovery code.")


def _step(factor: SecondFactor, code: str) -> int | None:
    try:
        return matching_step(unseal(factor.secret), code, now(), after=factor.last_step)
    except Unreadable:  # the key is lost; the recovery codes are not
        return None


def _count_failure(factor: SecondFactor, address: str | None) -> Verdict:
    factor.failures += 1
    factor.failed_at = now()
    factor.save()
    by = somebody_at(address)
    _tell(by, "user.sign_in_failed", factor.user, "The password was right, the code was wrong.")
    if factor.failures < MAX_FAILURES:
        return Verdict(False)
    _tell(by, "user.locked_out", factor.user, "Too many wrong codes.")
    return Verdict(False, CLOSED_FOR)


def _closed_for(factor: SecondFactor) -> timedelta | None:
    """How long it stays closed; what is over is forgotten."""
    if factor.failed_at is None or factor.failures < MAX_FAILURES:
        return None
    wait = factor.failed_at + CLOSED_FOR - now()
    if wait > timedelta():
        return wait
    factor.failures, factor.failed_at = 0, None
    return None


def _lock_factor(user: User) -> SecondFactor | None:
    return SecondFactor.objects.select_for_update().filter(user=user).first()


def _require_confirmed(factor: SecondFactor | None) -> SecondFactor:
    if factor is None or factor.confirmed_at is None:
        raise Conflict(gettext("There is no second factor."))
    return factor


def _require_none(factor: SecondFactor | None) -> None:
    if factor is not None and factor.confirmed_at is not None:
        raise Conflict(gettext("There is a second factor already. Take it off first."))


def _put_recovery_codes(factor: SecondFactor) -> list[str]:
    codes = new_recovery_codes()
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, hash=recovery_hash(code)) for code in codes)
    return codes


def _drop(user: User, by: Actor) -> None:
    _require_confirmed(_lock_factor(user)).delete()
    _tell(by, "user.second_factor_taken_off", user)


def _tell(by: Actor, action: str, user: User, note: str = "") -> None:
    record(by=by, action=action, subject_type="user", subject_id=user.pk, note=note)
