"""Help for somebody who cannot get in any more, at the machine itself."""

from django.db import transaction

from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.models import SecondFactor, User
from linecard.audit.actor import Actor
from linecard.audit.trail import Changes, record


@transaction.atomic
def rescue_user(*, user: User, by: Actor) -> None:
    """Let a user in with the password alone, from anywhere: without second factor and list of addresses.

    Raises ``Forbidden``.
    """
    require_may_open(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)
    SecondFactor.objects.filter(user=user).delete()
    before, user.allowed_addresses = user.allowed_addresses, []
    user.version += 1
    user.save(update_fields=["allowed_addresses", "version"])
    changes: Changes = {"allowed_addresses": (before, [])} if before else {}
    note = "No second factor and no list of addresses any more."
    record(by=by, action="user.rescued", subject_type="user", subject_id=user.pk, changes=changes, note=note)
