"""The merge fields: what a message may say of its customer, its recipient and of ourselves. All of it is text."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from linecard.customers.fields import CARD_FIELDS, card_context, card_values
from linecard.customers.models import Customer
from linecard.fields import Context, Field, JSONValue, MoneyField
from linecard.kernel.clock import now
from linecard.kernel.money import plain_amount
from linecard.kernel.regional import regional, typed_number

Values = dict[str, dict[str, str]]

_CARD = tuple(
    "name status currency channels cps debit_limit minimum_payment tax website external_accounting_id street city"
    " region postcode country".split()
)
_COMPANY = {
    "name": gettext_noop("Our name"),
    "street": gettext_noop("Our street"),
    "city": gettext_noop("Our city"),
    "region": gettext_noop("Our region"),
    "postcode": gettext_noop("Our postcode"),
    "country": gettext_noop("Our country"),
    "tax_id": gettext_noop("Our tax number"),
    "email": gettext_noop("Our email"),
    "phone": gettext_noop("Our phone"),
    "website": gettext_noop("Our website"),
}
_AMOUNT = MoneyField(name="amount", label=gettext_noop("Amount"))


@dataclass(frozen=True, slots=True)
class MergeField:
    """One field of the templates, such as ``customer.name``, and what it is called."""

    name: str
    label: str

    @property
    def spelling(self) -> str:
        """How it is written in a template."""
        return f"{{{{ {self.name} }}}}"


MERGE_FIELDS: tuple[MergeField, ...] = (
    MergeField("customer.id", gettext_noop("Customer number")),
    *(MergeField(f"customer.{name}", CARD_FIELDS[name].label) for name in _CARD),
    MergeField("customer.balance", gettext_noop("Balance")),
    MergeField("customer.credit_left", gettext_noop("Credit left")),
    MergeField("contact.name", gettext_noop("Contact’s name")),
    MergeField("contact.email", gettext_noop("Contact’s email")),
    MergeField("contact.mobile", gettext_noop("Contact’s mobile")),
    *(MergeField(f"company.{name}", label) for name, label in _COMPANY.items()),
    MergeField("today.date", gettext_noop("Today’s date")),
)
FIELD_NAMES = frozenset(field.name for field in MERGE_FIELDS)


def values_of(
    customer: Customer,
    *,
    contact_name: str,
    contact_email: str,
    contact_mobile: str,
    company: Mapping[str, str],
) -> Values:
    """What the fields say of one recipient now. ``company`` are our own, by name."""
    return {
        "customer": _of_customer(customer),
        "contact": {"name": contact_name, "email": contact_email, "mobile": contact_mobile},
        "company": {name: str(company.get(name) or "") for name in _COMPANY},
        "today": {"date": f"{now().astimezone(ZoneInfo(regional().time_zone)):%Y-%m-%d}"},
    }


def _of_customer(customer: Customer) -> dict[str, str]:
    context, stored = card_context(customer), card_values(customer)
    meter = customer.meter
    left = meter.balance_micros + customer.debit_limit_micros - meter.reserved_micros
    amounts = {"balance": meter.balance_micros, "credit_left": left}
    return {
        "id": str(customer.pk),
        **{name: _shown(CARD_FIELDS[name], stored[name], context) for name in _CARD},
        **{
            name: _shown(_AMOUNT, plain_amount(micros, customer.currency), context)
            for name, micros in amounts.items()
        },
    }


def _shown(field: Field, value: JSONValue, context: Context) -> str:
    shown = field.show(value, context)
    return typed_number(shown) if field.numeric else shown
