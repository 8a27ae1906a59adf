"""The present password as proof of who asks: a browser that somebody left open must not be enough."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.audit.trail import record
from linecard.kernel.clock import now
from linecard.kernel.errors import Invalid

# As many as at sign-in. The trail counts them.
MAX_FAILURES = 10
WITHIN = timedelta(minutes=15)

_FAILED = "user.proof_failed"


def require_password(*, password: str, by: UserActor, field: str = "password") -> None:
    """Raise ``Invalid`` at the field unless this is the acting user's password.

    Call it outside of a transaction: a wrong one is told to the trail, whatever the caller makes of the error. After
    ten of them within a quarter of an hour, none is looked at.
    """
    # the row is locked, so that many guesses at once are counted one after the other
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
        failures = AuditEntry.objects.filter(
            subject_type="user", subject_id=user.pk, action=_FAILED, at__gt=now() - WITHIN
        )
        is_open = failures.count() < MAX_FAILURES
        if is_open and user.check_password(password):
            return
        if is_open:
            record(by=by, action=_FAILED, subject_type="user", subject_id=user.pk)
    if is_open:
        raise Invalid({field: gettext("This is not your present password.")})
    raise Invalid({field: gettext("Too many wrong passwords. Wait a quarter of an hour.")})
