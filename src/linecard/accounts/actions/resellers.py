"""Making and renaming resellers; only the operator's own staff may."""

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.fields import RESELLER_FIELDS
from linecard.accounts.models import Reseller
from linecard.accounts.permissions import Verb
from linecard.accounts.scope import require_staff
from linecard.audit.actor import Actor
from linecard.audit.trail import record
from linecard.fields import Context, clean_values
from linecard.kernel.errors import Invalid, NotFound
from linecard.kernel.names import name_key


@transaction.atomic
def create_reseller(*, name: str, by: Actor) -> Reseller:
    """Make a reseller without members. Raises ``Forbidden``, and ``Invalid`` when the name is empty or taken."""
    _require(by, "create")
    name = _clean(name)
    reseller, created = Reseller.objects.get_or_create(name_key=name_key(name), defaults={"name": name})
    if not created:
        raise _taken(reseller.name)
    changes = {"name": (None, reseller.name)}
    record(by=by, action="reseller.created", subject_type="reseller", subject_id=reseller.pk, changes=changes)
    return reseller


@transaction.atomic
def update_reseller(*, reseller_id: int, name: str, by: UserActor) -> Reseller:
    """Give a reseller another name. Raises ``Forbidden``, ``NotFound``, and ``Invalid`` as for a new one."""
    _require(by, "update")
    reseller = Reseller.objects.select_for_update().filter(pk=reseller_id).first()
    if reseller is None:
        raise NotFound(gettext("There is no such reseller."))
    before, after = reseller.name, _clean(name)
    other = Reseller.objects.filter(name_key=name_key(after)).exclude(pk=reseller.pk).first()
    if other is not None:
        raise _taken(other.name)
    if after != before:
        reseller.name, reseller.name_key = after, name_key(after)
        reseller.save(update_fields=["name", "name_key"])
        changes = {"name": (before, after)}
        record(
            by=by, action="reseller.updated", subject_type="reseller", subject_id=reseller.pk, changes=changes
        )
    return reseller


def _require(by: Actor, verb: Verb) -> None:
    if isinstance(by, UserActor):
        by.require("users", verb)
        require_staff(by.user)


def _clean(name: str) -> str:
    values, errors = clean_values(RESELLER_FIELDS, {"name": name}, Context())
    if errors:
        raise Invalid(errors)
    return str(values["name"])


def _taken(name: str) -> Invalid:
    return Invalid({"name": gettext("There is a reseller named {name} already.").format(name=name)})
