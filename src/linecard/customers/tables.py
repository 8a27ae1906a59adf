"""The Customers grid: every column that the page and the API offer."""

from collections.abc import Mapping

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_noop

from linecard.accounts.columns import user_shown
from linecard.customers.models import Customer
from linecard.customers.queries import search_cards
from linecard.customers.words import RtpFirewall, Status
from linecard.fields.places import countries
from linecard.kernel.names import name_key
from linecard.web.grid import Choice, Column, Grid, Preset, Screen, SortTerm, choices_of, equals, presets_of

_NO_LIMIT = gettext_noop("No limit")
_TONES = {Status.ACTIVE: "good", Status.INACTIVE: "bad", Status.PENDING_APPROVAL: "warn"}
_STATUSES = choices_of(Status, _TONES)

# What the page shows at first, from left to right.
_SHOWN = (
    Column(
        name="name",
        label=gettext_noop("Name"),
        kind="text",
        sort=("name_key",),
        folded="name_key",
        fold=name_key,
        width=184,
        priority=1,
        opens_row=True,
    ),
    Column(
        name="status",
        label=gettext_noop("Status"),
        kind="choice",
        choices=_STATUSES,
        width=152,
        priority=1,
    ),
    Column(
        name="channels", label=gettext_noop("Channels"), kind="integer", empty=_NO_LIMIT, width=92, priority=2
    ),
    Column(name="cps", label=gettext_noop("CPS"), kind="integer", empty=_NO_LIMIT, width=86, priority=3),
    Column(
        name="debit_limit",
        label=gettext_noop("Debit limit"),
        kind="money",
        source="debit_limit_micros",
        currency="currency",
        width=136,
        priority=2,
    ),
    Column(name="currency", label=gettext_noop("Currency"), kind="choice", width=88, priority=4),
    Column(
        name="country",
        label=gettext_noop("Country"),
        kind="choice",
        choices=tuple(Choice(code, name) for code, name in countries().items()),
        width=130,
        priority=2,
    ),
    Column(name="tags", label=gettext_noop("Tags"), kind="tags", width=112, priority=3, grows=True),
    Column(
        name="account_manager",
        label=gettext_noop("Account manager"),
        kind="reference",
        source="account_manager_id",
        shown="account_manager_shown",
        width=136,
        priority=3,
    ),
    Column(
        name="reseller",
        label=gettext_noop("Reseller"),
        kind="reference",
        source="reseller_id",
        shown="reseller__name",
        sort=("reseller__name_key",),
        width=104,
        priority=4,
    ),
    Column(name="updated_at", label=gettext_noop("Updated"), kind="datetime", width=114, priority=4),
)

_ON_REQUEST = (
    Column(
        name="archived",
        label=gettext_noop("Archived"),
        kind="boolean",
        source="is_put_away",
        shown_first=False,
    ),
    Column(
        name="external_accounting_id",
        label=gettext_noop("External accounting ID"),
        kind="text",
        width=170,
        shown_first=False,
    ),
    Column(
        name="minimum_payment",
        label=gettext_noop("Minimum payment"),
        kind="money",
        source="minimum_payment_micros",
        currency="currency",
        width=150,
        shown_first=False,
    ),
    Column(name="tax", label=gettext_noop("Tax"), kind="percent", width=90, shown_first=False),
    Column(
        name="rtp_firewall",
        label=gettext_noop("RTP firewall"),
        kind="choice",
        choices=choices_of(RtpFirewall),
        shown_first=False,
    ),
    Column(name="street", label=gettext_noop("Street"), kind="text", shown_first=False),
    Column(name="city", label=gettext_noop("City"), kind="text", shown_first=False),
    Column(name="region", label=gettext_noop("Region"), kind="text", shown_first=False),
    Column(name="postcode", label=gettext_noop("Postcode"), kind="text", shown_first=False),
    Column(name="website", label=gettext_noop("Website"), kind="text", shown_first=False),
    Column(name="paypal_email", label=gettext_noop("PayPal email"), kind="text", shown_first=False),
    Column(name="invoice_schedule", label=gettext_noop("Invoice schedule"), kind="text", shown_first=False),
    Column(
        name="invoice_due_days", label=gettext_noop("Invoice due days"), kind="integer", shown_first=False
    ),
    Column(
        name="approved_clis_only", label=gettext_noop("Approved CLIs only"), kind="boolean", shown_first=False
    ),
    Column(
        name="email_verification", label=gettext_noop("Email verification"), kind="boolean", shown_first=False
    ),
    Column(
        name="mobile_verification",
        label=gettext_noop("Mobile verification"),
        kind="boolean",
        shown_first=False,
    ),
    Column(
        name="balance",
        label=gettext_noop("Balance"),
        kind="money",
        source="meter__balance_micros",
        currency="currency",
        width=150,
        shown_first=False,
    ),
    Column(
        name="credit_left",
        label=gettext_noop("Credit left"),
        kind="money",
        source="credit_left_micros",
        currency="currency",
        width=150,
        shown_first=False,
    ),
    Column(
        name="live_calls",
        label=gettext_noop("Live calls"),
        kind="integer",
        source="meter__live_calls",
        shown_first=False,
    ),
    Column(name="created_at", label=gettext_noop("Created"), kind="datetime", shown_first=False),
)

_ANNOTATIONS: Mapping[str, Combinable] = {
    "is_put_away": ExpressionWrapper(Q(archived_at__isnull=False), output_field=BooleanField()),
    **user_shown("account_manager"),
    "credit_left_micros": F("meter__balance_micros") + F("debit_limit_micros") - F("meter__reserved_micros"),
}


def _search(cards: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    return search_cards(cards, text)


# Archived cards are shown only to those who ask for them.
CUSTOMERS = Grid(
    "customers",
    (*_SHOWN, *_ON_REQUEST),
    search=_search,
    default_sort=[SortTerm(column="name")],
    default_filter=equals("archived", False),
    annotations=_ANNOTATIONS,
)

CUSTOMERS_SCREEN = Screen(
    grid=CUSTOMERS,
    one=gettext_noop("customer"),
    many=gettext_noop("customers"),
    presets=(
        *presets_of("status", _STATUSES),
        Preset(value="archived", label=gettext_noop("Archived"), filter=equals("archived", True)),
    ),
)
