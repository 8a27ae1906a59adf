"""Every field of the card and of its parts: declared once, for form, API, upload and history."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

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

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, kw_only=True)
class InvoiceScheduleField(Field):
    """When invoices are made: ``none``, ``daily``, ``weekly:1..7`` (Monday is 1) or ``monthly:1..28``."""

    default: JSONValue = "none"

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if not isinstance(value, str) or not re.fullmatch(INVOICE_SCHEDULE[1:-1], value):
            raise Refused("Must be none, daily, weekly:1 to weekly:7, or monthly:1 to monthly:28.")
        return value

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        kind, _, day = str(value or "").partition(":")
        if kind == "weekly":
            return f"Weekly, on {WEEKDAYS[int(day) - 1]}"
        if kind == "monthly":
            return f"Monthly, on day {day}"
        return kind.capitalize()

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
            label="Name",
            required=True,
            max_length=200,
            markup_refused=True,
            help="Unique among all customers, whatever the case.",
        ),
        ChoiceField(
            name="status",
            label="Status",
            choices=dict(Status.choices),
            default="active",
            help="Only active customers may pass calls.",
        ),
        CurrencyField(
            name="currency",
            label="Currency",
            required=True,
            immutable=True,
            help="Everything on the card is billed in it. It can never change once the card is saved.",
        ),
        IntegerField(
            name="channels",
            label="Channels",
            minimum=0,
            maximum=MAX_CHANNELS,
            empty="No limit",
            help="The most live calls at once. Empty means no limit, 0 means none.",
        ),
        IntegerField(
            name="cps",
            label="Flow speed (CPS)",
            minimum=0,
            maximum=MAX_CPS,
            empty="No limit",
            help="Calls per second that may be started. Empty means no limit, 0 means none.",
        ),
        MoneyField(
            name="debit_limit",
            label="Debit limit",
            help="How far below zero the balance may go: 0 is pre-pay, positive is credit, negative keeps a buffer.",
        ),
        MoneyField(
            name="minimum_payment",
            label="Minimum payment",
            minimum=Decimal(0),
            help="The least that may be paid in when topping up.",
        ),
        PercentField(name="tax", label="Tax %", help="Added on top of charges."),
    ),
    "config": _by_name(
        EmailField(name="paypal_email", label="PayPal email"),
        WebsiteField(name="website", label="Website"),
        TagsField(
            name="tags",
            label="Tags",
            help="Labels, separated by commas. A global routing template applies to every customer with its tag.",
        ),
        ReferenceField(
            name="reseller", label="Reseller", help="Whose customer this is; its users see the card."
        ),
        ReferenceField(
            name="account_manager", label="Account manager", help="The user in charge of the card."
        ),
        ChoiceField(
            name="rtp_firewall",
            label="RTP firewall",
            choices=dict(RtpFirewall.choices),
            default="locked",
            help="Locked: media is accepted only from the address that the signalling named.",
        ),
        InvoiceScheduleField(name="invoice_schedule", label="Invoice schedule"),
        IntegerField(
            name="invoice_due_days",
            label="Invoice due days",
            minimum=0,
            maximum=MAX_DUE_DAYS,
            default=14,
            help="Days from the invoice to its due date.",
        ),
        TextField(
            name="external_accounting_id",
            label="External accounting ID",
            max_length=100,
            help="The customer's number in your accounting; unique when set.",
        ),
        SectionsField(
            name="portal_access",
            label="Portal access",
            sections=PORTAL_SECTIONS,
            default=everything_shown(),
            help="What the customer's contacts see in the portal.",
        ),
        TomlField(
            name="vars",
            label="Vars",
            max_length=65_536,
            help="TOML that scripts can read.",
        ),
    ),
    "address": _by_name(
        TextField(name="street", label="Street", max_length=300, multiline=True),
        TextField(name="city", label="City", max_length=100),
        TextField(name="region", label="Region", max_length=100),
        TextField(name="postcode", label="Postcode", max_length=20),
        CountryField(
            name="country", label="Country", help="Phone numbers without + are read as of this country."
        ),
    ),
    "verification": _by_name(
        BooleanField(
            name="approved_clis_only",
            label="Approved CLIs only",
            help="Calls pass only with a caller id from the card's list.",
        ),
        BooleanField(
            name="email_verification",
            label="Email verification required",
            help="No calls until one contact has a verified email.",
        ),
        BooleanField(
            name="mobile_verification",
            label="Mobile verification required",
            help="No calls until one contact has a verified mobile.",
        ),
    ),
}

CARD_FIELDS: Mapping[str, Field] = {name: field for tab in CARD_TABS.values() for name, field in tab.items()}

CONTACT_FIELDS: Mapping[str, Field] = _by_name(
    TextField(name="name", label="Name", required=True, max_length=200, markup_refused=True),
    ChoiceField(name="type", label="Type", choices=dict(ContactType.choices), default="general"),
    EmailField(name="email", label="Email"),
    PhoneField(name="phone", label="Phone"),
    PhoneField(name="mobile", label="Mobile"),
    BooleanField(name="email_verified", label="Email verified"),
    BooleanField(name="mobile_verified", label="Mobile verified"),
)

NOTE_FIELDS: Mapping[str, Field] = _by_name(
    TextField(name="text", label="Note", required=True, max_length=10_000, multiline=True),
    BooleanField(name="in_portal", label="Shown in the portal"),
)

CLI_FIELDS: Mapping[str, Field] = _by_name(
    PhoneField(name="cli", label="CLI", required=True, plus=False),
    TextField(name="reason", label="Reason", required=True, max_length=500),
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
