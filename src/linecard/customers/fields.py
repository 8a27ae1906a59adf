"""Every field of the card and of its parts: declared once, for form, API, upload and history."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from pydantic import Field as SchemaField
from pydantic import StrictStr

from linecard.customers.models import Customer
from linecard.customers.models.card import MAX_CHANNELS, MAX_CPS, MAX_DUE_DAYS
from linecard.customers.words import (
    INVOICE_SCHEDULE,
    PORTAL_SECTIONS,
    ContactType,
    RtpFirewall,
    Status,
    everything_shown,
)
from linecard.fields import (
    BooleanField,
    ChoiceField,
    Context,
    CountryField,
    CurrencyField,
    EmailField,
    Field,
    IntegerField,
    JSONValue,
    MoneyField,
    PercentField,
    PhoneField,
    ReferenceField,
    Refused,
    SectionsField,
    TagsField,
    TextField,
    TomlField,
    WebsiteField,
)
from linecard.fields.base import NOWHERE

WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)


@dataclass(frozen=True, kw_only=True)
class InvoiceScheduleField(Field):
    """When invoices are made: ``none``, ``daily``, ``weekly:1..7`` (Monday is 1) or ``monthly:1..28``."""

    default: JSONValue = "none"

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if not isinstance(value, str) or not re.fullmatch(INVOICE_SCHEDULE[1:-1], value):
            raise Refused(gettext("Must be none, daily, weekly:1 to weekly:7, or monthly:1 to monthly:28."))
        return value

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        kind, _, day = str(value or "").partition(":")
        if kind == "weekly":
            return gettext("Weekly, on {day}").format(day=gettext(WEEKDAYS[int(day) - 1]))
        if kind == "monthly":
            return gettext("Monthly, on day {day}").format(day=day)
        return gettext(kind.capitalize())

    @property
    def json_type(self) -> Any:
        return Annotated[
            StrictStr,
            SchemaField(description=self.help or None, json_schema_extra={"pattern": INVOICE_SCHEDULE}),
        ]


def _by_name(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


# The tabs of the form, in order, with their fields in order. Notes have a tab of their own without card fields.
CARD_TABS: Mapping[str, Mapping[str, Field]] = {
    "basic": _by_name(
        TextField(
            name="name",
            label=gettext_noop("Name"),
            required=True,
            max_length=200,
            markup_refused=True,
            help=gettext_noop("Unique among all customers, whatever the case."),
        ),
        ChoiceField(
            name="status",
            label=gettext_noop("Status"),
            choices=dict(Status.choices),
            default="active",
            help=gettext_noop("Only active customers may pass calls."),
        ),
        CurrencyField(
            name="currency",
            label=gettext_noop("Currency"),
            required=True,
            immutable=True,
            help=gettext_noop(
                "Everything on the card is billed in it. It can never change once the card is saved."
            ),
        ),
        IntegerField(
            name="channels",
            label=gettext_noop("Channels"),
            minimum=0,
            maximum=MAX_CHANNELS,
            empty=gettext_noop("No limit"),
            help=gettext_noop("The most live calls at once. Empty means no limit, 0 means none."),
        ),
        IntegerField(
            name="cps",
            label=gettext_noop("Flow speed (CPS)"),
            minimum=0,
            maximum=MAX_CPS,
            empty=gettext_noop("No limit"),
            help=gettext_noop("Calls per second that may be started. Empty means no limit, 0 means none."),
        ),
        MoneyField(
            name="debit_limit",
            label=gettext_noop("Debit limit"),
            help=gettext_noop(
                "How far below zero the balance may go: 0 is pre-pay, positive is credit, negative keeps a buffer."
            ),
        ),
        MoneyField(
            name="minimum_payment",
            label=gettext_noop("Minimum payment"),
            minimum=Decimal(0),
            help=gettext_noop("The least that may be paid in when topping up."),
        ),
        PercentField(name="tax", label=gettext_noop("Tax %"), help=gettext_noop("Added on top of charges.")),
    ),
    "config": _by_name(
        EmailField(name="paypal_email", label=gettext_noop("PayPal email")),
        WebsiteField(name="website", label=gettext_noop("Website")),
        TagsField(
            name="tags",
            label=gettext_noop("Tags"),
            help=gettext_noop(
                "Labels, separated by commas. A global routing template applies to every customer with its tag."
            ),
        ),
        ReferenceField(
            name="reseller",
            label=gettext_noop("Reseller"),
            help=gettext_noop("Whose customer this is; its users see the card."),
        ),
        ReferenceField(
            name="account_manager",
            label=gettext_noop("Account manager"),
            help=gettext_noop("The user in charge of the card."),
        ),
        ChoiceField(
            name="rtp_firewall",
            label=gettext_noop("RTP firewall"),
            choices=dict(RtpFirewall.choices),
            default="locked",
            help=gettext_noop("Locked: media is accepted only from the address that the signalling named."),
        ),
        InvoiceScheduleField(name="invoice_schedule", label=gettext_noop("Invoice schedule")),
        IntegerField(
            name="invoice_due_days",
            label=gettext_noop("Invoice due days"),
            minimum=0,
            maximum=MAX_DUE_DAYS,
            default=14,
            help=gettext_noop("Days from the invoice to its due date."),
        ),
        TextField(
            name="external_accounting_id",
            label=gettext_noop("External accounting ID"),
            max_length=100,
            help=gettext_noop("The customer's number in your accounting; unique when set."),
        ),
        SectionsField(
            name="portal_access",
            label=gettext_noop("Portal access"),
            sections=PORTAL_SECTIONS,
            default=everything_shown(),
            help=gettext_noop("What the customer's contacts see in the portal."),
        ),
        TomlField(
            name="vars",
            label=gettext_noop("Vars"),
            max_length=65_536,
            help=gettext_noop("TOML that scripts can read."),
        ),
    ),
    "address": _by_name(
        TextField(name="street", label=gettext_noop("Street"), max_length=300, multiline=True),
        TextField(name="city", label=gettext_noop("City"), max_length=100),
        TextField(name="region", label=gettext_noop("Region"), max_length=100),
        TextField(name="postcode", label=gettext_noop("Postcode"), max_length=20),
        CountryField(
            name="country",
            label=gettext_noop("Country"),
            help=gettext_noop("Phone numbers without + are read as of this country."),
        ),
    ),
    "verification": _by_name(
        BooleanField(
            name="approved_clis_only",
            label=gettext_noop("Approved CLIs only"),
            help=gettext_noop("Calls pass only with a caller id from the card's list."),
        ),
        BooleanField(
            name="email_verification",
            label=gettext_noop("Email verification required"),
            help=gettext_noop("No calls until one contact has a verified email."),
        ),
        BooleanField(
            name="mobile_verification",
            label=gettext_noop("Mobile verification required"),
            help=gettext_noop("No calls until one contact has a verified mobile."),
        ),
    ),
}

CARD_FIELDS: Mapping[str, Field] = {name: field for tab in CARD_TABS.values() for name, field in tab.items()}

CONTACT_FIELDS: Mapping[str, Field] = _by_name(
    TextField(name="name", label=gettext_noop("Name"), required=True, max_length=200, markup_refused=True),
    ChoiceField(
        name="type", label=gettext_noop("Type"), choices=dict(ContactType.choices), default="general"
    ),
    EmailField(name="email", label=gettext_noop("Email")),
    PhoneField(name="phone", label=gettext_noop("Phone")),
    PhoneField(name="mobile", label=gettext_noop("Mobile")),
    BooleanField(name="email_verified", label=gettext_noop("Email verified")),
    BooleanField(name="mobile_verified", label=gettext_noop("Mobile verified")),
)

NOTE_FIELDS: Mapping[str, Field] = _by_name(
    TextField(name="text", label=gettext_noop("Note"), required=True, max_length=10_000, multiline=True),
    BooleanField(name="in_portal", label=gettext_noop("Shown in the portal")),
)

CLI_FIELDS: Mapping[str, Field] = _by_name(
    PhoneField(name="cli", label=gettext_noop("CLI"), required=True, plus=False),
    TextField(name="reason", label=gettext_noop("Reason"), required=True, max_length=500),
)


def card_context(customer: Customer) -> Context:
    """What the values on this card depend on."""
    return Context(currency=customer.currency, country=customer.country)


def card_values(customer: Customer) -> dict[str, JSONValue]:
    """Every field of the card in the API's spelling."""
    context = card_context(customer)
    return {
        name: field.to_json(getattr(customer, field.attribute), context)
        for name, field in CARD_FIELDS.items()
    }
