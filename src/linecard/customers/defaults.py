"""What new customers begin with, and the currencies that they may be billed in, as set for the installation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_noop

from linecard.customers.fields import CARD_FIELDS
from linecard.fields import Context, CurrenciesField, CurrencyField, JSONValue
from linecard.fields.base import NOWHERE
from linecard.setup.declarations import Section
from linecard.setup.queries import current_settings

# Those that carriers mostly want alike; the rest is said of each customer.
DEFAULTED = (
    "status",
    "channels",
    "cps",
    "tax",
    "rtp_firewall",
    "country",
    "invoice_schedule",
    "invoice_due_days",
    "approved_clis_only",
    "email_verification",
    "mobile_verification",
)


@dataclass(frozen=True, kw_only=True)
class ProposedCurrencyField(CurrencyField):
    """A currency, or none."""

    default: JSONValue = ""

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        return super().clean(value, context) if value else ""


SECTION = Section(
    key="customers",
    label=gettext_noop("New customers"),
    order=50,
    help=gettext_noop(
        "What a new customer begins with where nothing else is said: in the form, over the API and in uploads."
    ),
    fields=(
        CurrenciesField(
            name="customers.currencies",
            label=gettext_noop("Currencies offered"),
            help=gettext_noop(
                "New customers are billed in one of these. Empty: in any. Those there are stay."
            ),
        ),
        ProposedCurrencyField(
            name="customers.currency",
            label=gettext_noop("Currency proposed"),
            help=gettext_noop("Chosen already in the form of a new customer."),
        ),
        *(replace(CARD_FIELDS[name], name=f"customers.{name}") for name in DEFAULTED),
    ),
)


@dataclass(frozen=True, slots=True)
class NewCardRules:
    """``values`` by field, in the API's spelling; ``currencies`` is empty where any is offered."""

    values: Mapping[str, JSONValue]
    currencies: tuple[str, ...]
    currency: str

    def currency_problem(self, currency: str) -> str:
        """Why a new card may not be billed in a currency; empty when it may."""
        if not self.currencies or currency in self.currencies:
            return ""
        return gettext("{currency} is not offered. Offered are {offered}.").format(
            currency=currency, offered=", ".join(self.currencies)
        )


def new_card_rules() -> NewCardRules:
    """What is set now. One query."""
    settings = current_settings()
    return NewCardRules(
        values={name: settings[f"customers.{name}"] for name in DEFAULTED},
        currencies=tuple(settings["customers.currencies"]),
        currency=settings["customers.currency"],
    )
