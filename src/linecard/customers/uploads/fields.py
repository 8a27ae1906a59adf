"""What a column of an uploaded file can be: the card's own fields, and those of one contact."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from django.db.models import DecimalField
from django.utils.translation import gettext_noop

from linecard.customers.fields import CARD_FIELDS, CONTACT_FIELDS
from linecard.customers.models import Customer
from linecard.fields import Field, JSONValue, ReferenceField

_REFERENCE_HELP = {
    "reseller": gettext_noop("Whose customer this is; its users see the card. Its name, or its id."),
    "account_manager": gettext_noop("The user in charge of the card. Its name, or its id."),
}
_CONTACT_LABELS = {
    "name": gettext_noop("Contact name"),
    "email": gettext_noop("Contact email"),
    "phone": gettext_noop("Contact phone"),
    "mobile": gettext_noop("Contact mobile"),
}
REFERENCES = ("reseller", "account_manager")
# Attributes that are stored as decimals.
DECIMALS = frozenset(
    column.attname for column in Customer._meta.concrete_fields if isinstance(column, DecimalField)
)
CONTACT_PARTS = ("name", "email", "phone", "mobile")
CONTACT_COLUMNS = frozenset(f"contact_{part}" for part in CONTACT_PARTS)


@dataclass(frozen=True, kw_only=True)
class NamedField(ReferenceField):
    """Another record by its name, or by its id. The checker finds it among those that the user may name."""

    contextual: ClassVar[bool] = True

    def from_text(self, text: str) -> JSONValue:
        return text.strip() or None


def _upload_fields() -> dict[str, Field]:
    fields = dict(CARD_FIELDS)
    for name in REFERENCES:
        known = CARD_FIELDS[name]
        fields[name] = NamedField(name=name, label=known.label, help=_REFERENCE_HELP[name])
    for part in CONTACT_PARTS:
        known = CONTACT_FIELDS[part]
        name = f"contact_{part}"
        fields[name] = replace(known, name=name, label=_CONTACT_LABELS[part], required=False)
    return fields


UPLOAD_FIELDS: Mapping[str, Field] = _upload_fields()

# Folded headings that often stand above a field's column in the files of carriers and their billing systems.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "name": (
        "operator",
        "customer",
        "customer name",
        "client",
        "client name",
        "company",
        "company name",
        "account name",
        "carrier",
        "organisation",
        "organization",
    ),
    "status": ("state", "account status"),
    "currency": ("billing currency", "currency code", "ccy", "invoice currency"),
    "channels": ("concurrent calls", "max channels", "ports", "capacity", "sessions"),
    "cps": ("cps", "calls per second", "flow speed", "max cps"),
    "debit_limit": ("credit limit", "credit", "limit"),
    "tax": ("tax", "vat", "vat %", "tax rate", "vat rate"),
    "website": ("url", "web", "web site", "homepage"),
    "tags": ("labels", "groups"),
    "external_accounting_id": (
        "account",
        "account id",
        "account number",
        "acct",
        "customer id",
        "customer number",
        "client id",
        "accounting id",
        "external id",
    ),
    "account_manager": ("manager", "sales", "sales manager", "owner"),
    "street": ("address", "address line 1"),
    "city": ("town",),
    "region": ("state or province", "province", "county"),
    "postcode": ("zip", "zip code", "postal code", "post code"),
    "country": ("country code", "iso", "iso code", "iso country"),
    "contact_name": ("contact", "contact person", "person"),
    "contact_email": ("email", "e mail", "mail", "contact mail", "contact e mail", "noc email"),
    "contact_phone": ("phone", "telephone", "tel", "phone number"),
    "contact_mobile": ("mobile", "cell", "cell phone", "mobile number", "gsm"),
}
