"""Making and changing resellers; only the operator's own staff may."""

from collections.abc import Mapping

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
def create_reseller(*, name: str, reply_to: str = "", by: Actor) -> Reseller:
    """Make a reseller without members. Raises ``Forbidden``, and ``Invalid``, also when the name is taken."""
    _require(by, "create")
    values = _clean({"name": name, "reply_to": reply_to})
    key = name_key(values["name"])
    reseller, created = Reseller.objects.get_or_create(name_key=key, defaults=values)
    if not created:
        raise _taken(reseller.name)
    changes = {field: (None, value) for field, value in values.items() if value}
    record(by=by, action="reseller.created", subject_type="reseller", subject_id=reseller.pk, changes=changes)
    return reseller


@transaction.atomic
def update_reseller(*, reseller_id: int, by: UserActor, **given: str) -> Reseller:
    """Change a reseller's fields; those not given stay. Raises ``Forbidden``, ``NotFound``, and ``Invalid``."""
    _require(by, "update")
    reseller = Reseller.objects.select_for_update().filter(pk=reseller_id).first()
    if reseller is None:
        raise NotFound(gettext("There is no such reseller."))
    values = _clean(given)
    key = name_key(values.get("name", reseller.name))
    other = Reseller.objects.filter(name_key=key).exclude(pk=reseller.pk).first()
    if other is not None:
        raise _taken(other.name)
    changes = {
        field: (getattr(reseller, field), value)
        for field, value in values.items()
        if getattr(reseller, field) != value
    }
    if changes:
        for field, value in values.items():
            setattr(reseller, field, value)
        reseller.name_key = key
        reseller.save(update_fields=["name_key", *values])
        record(
            by=by, action="reseller.updated", subject_type="reseller", subject_id=reseller.pk, changes=changes
        )
    return reseller


def _require(by: Actor, verb: Verb) -> None:
    if isinstance(by, UserActor):
        by.require("users", verb)
        require_staff(by.user)


def _clean(given: Mapping[str, str]) -> dict[str, str]:
    values, errors = clean_values(RESELLER_FIELDS, given, Context())
    if errors:
        raise Invalid(errors)
    return values


def _taken(name: str) -> Invalid:
    return Invalid({"name": gettext("There is a reseller named {name} already.").format(name=name)})
