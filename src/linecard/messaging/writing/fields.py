"""The merge fields: what a message may say of its customer, its recipient and of ourselves. All of it is text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from linecard.customers.fields import CARD_FIELDS, card_context
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


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for. ``company`` is our own, by name; the customer is asked for only where a field is of it."""

    customer: Callable[[], Customer]
    contact: Mapping[str, str]
    company: Mapping[str, str]


def values_of(recipient: Recipient, fields: Iterable[str]) -> Values:
    """What these fields say of a recipient now."""
    asked: dict[str, list[str]] = {}
    for field in fields:
        room, _, name = field.partition(".")
        asked.setdefault(room, []).append(name)
    return {room: _ROOMS[room](recipient, names) for room, names in asked.items()}


def _of_customer(recipient: Recipient, asked: Iterable[str]) -> dict[str, str]:
    customer = recipient.customer()
    context = card_context(customer)
    return {name: _of_card(customer, name, context) for name in asked}


def _of_card(customer: Customer, name: str, context: Context) -> str:
    if name == "id":
        return str(customer.pk)
    if name in _AMOUNTS:
        return _shown(_AMOUNT, plain_amount(_AMOUNTS[name](customer), customer.currency), context)
    field = CARD_FIELDS[name]
    return _shown(field, field.to_json(getattr(customer, field.attribute), context), context)


def _shown(field: Field, value: JSONValue, context: Context) -> str:
    shown = field.show(value, context)
    return typed_number(shown) if field.numeric else shown


def _balance(customer: Customer) -> int:
    return customer.meter.balance_micros


def _credit_left(customer: Customer) -> int:
    return customer.meter.balance_micros + customer.debit_limit_micros - customer.meter.reserved_micros


def _today(recipient: Recipient, asked: Iterable[str]) -> dict[str, str]:
    return {"date": f"{now().astimezone(ZoneInfo(regional().time_zone)):%Y-%m-%d}"}


_AMOUNTS: Mapping[str, Callable[[Customer], int]] = {"balance": _balance, "credit_left": _credit_left}
_ROOMS: Mapping[str, Callable[[Recipient, Iterable[str]], dict[str, str]]] = {
    "customer": _of_customer,
    "contact": lambda recipient, asked: {name: recipient.contact.get(name, "") for name in asked},
    "company": lambda recipient, asked: {name: str(recipient.company.get(name) or "") for name in asked},
    "today": _today,
}
