"""Making resellers."""

from django.db import transaction

from linecard.accounts.fields import RESELLER_FIELDS
from linecard.accounts.models import Reseller
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.fields import Context, clean_values
from linecard.kernel.errors import Invalid
from linecard.kernel.names import name_key


@transaction.atomic
def create_reseller(*, name: str, by: Actor) -> Reseller:
    """Make a reseller without members. Raises ``Invalid`` when the name is empty or taken."""
    values, errors = clean_values(RESELLER_FIELDS, {"name": name}, Context())
    if errors:
        raise Invalid(errors)
    reseller, created = Reseller.objects.get_or_create(name_key=name_key(values["name"]), defaults=values)
    if not created:
        raise Invalid({"name": f"There is a reseller named {reseller.name} already."})
    changes = {"name": (None, reseller.name)}
    record(by=by, action="reseller.created", subject_type="reseller", subject_id=reseller.pk, changes=changes)
    return reseller
