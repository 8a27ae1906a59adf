"""The customer card, its meter, and the vocabulary of tags."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Trim
from django.db.models.lookups import Exact

from linecard.customers.words import INVOICE_SCHEDULE, RtpFirewall, Status, everything_shown
from linecard.kernel.money import MAX_UNITS, MICROS_PER_UNIT

MAX_CHANNELS = 1_000_000
MAX_CPS = 100_000
MAX_DUE_DAYS = 365

_MAX_MICROS = MAX_UNITS * MICROS_PER_UNIT


def _bounded(name: str, field: str, minimum: Any, maximum: Any) -> models.CheckConstraint:
    inside = Q(**{f"{field}__gte": minimum, f"{field}__lte": maximum})
    return models.CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | inside, name=f"customer_{name}")


def _index(field: str, name: str) -> models.Index:
    # every list leaves out archived cards: with that in the index it is counted without reading the cards
    return models.Index(fields=[field, "id"], include=["archived_at"], name=f"customer_by_{name}")


class Customer(models.Model):
    """One customer card.

    Amounts are micro-units of ``currency``, which a trigger keeps from ever changing. ``version`` counts the edits of
    what a person edits. ``search`` holds the folded words of the name, the external accounting ID and the contacts.
    An archived card keeps its name reserved.
    """

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=600, unique=True)
    channels = models.IntegerField(null=True, default=None)
    cps = models.IntegerField(null=True, default=None)
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    debit_limit_micros = models.BigIntegerField(default=0)
    minimum_payment_micros = models.BigIntegerField(default=0)
    tax = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(0))
    currency = models.CharField(max_length=3)

    paypal_email = models.CharField(max_length=254, default="")
    website = models.CharField(max_length=300, default="")
    portal_access = models.JSONField(default=everything_shown)
    tags = ArrayField(models.CharField(max_length=50), default=list)
    vars = models.TextField(default="")
    reseller = models.ForeignKey(
        "accounts.Reseller", models.PROTECT, null=True, related_name="+", db_index=False
    )
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    invoice_schedule = models.CharField(max_length=12, default="none")
    invoice_due_days = models.IntegerField(default=14)
    external_accounting_id = models.CharField(max_length=100, default="")
    rtp_firewall = models.CharField(max_length=10, choices=RtpFirewall, default=RtpFirewall.LOCKED)

    street = models.CharField(max_length=300, default="")
    city = models.CharField(max_length=100, default="")
    region = models.CharField(max_length=100, default="")
    postcode = models.CharField(max_length=20, default="")
    country = models.CharField(max_length=2, default="")

    approved_clis_only = models.BooleanField(default=False)
    email_verification = models.BooleanField(default=False)
    mobile_verification = models.BooleanField(default=False)

    version = models.IntegerField(default=1)
    search = SearchVectorField(default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, default=None)

    class Meta:
        db_table = "customer"
        constraints = [
            models.CheckConstraint(condition=Q(name=Trim("name")) & ~Q(name_key=""), name="customer_name"),
            _bounded("channels", "channels", 0, MAX_CHANNELS),
            _bounded("cps", "cps", 0, MAX_CPS),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="customer_status"),
            _bounded("debit_limit", "debit_limit_micros", -_MAX_MICROS, _MAX_MICROS),
            _bounded("minimum_payment", "minimum_payment_micros", 0, _MAX_MICROS),
            _bounded("tax", "tax", 0, 100),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="customer_currency"),
            models.CheckConstraint(condition=Q(country__regex="^([A-Z]{2})?$"), name="customer_country"),
            models.CheckConstraint(
                condition=Q(invoice_schedule__regex=INVOICE_SCHEDULE), name="customer_invoice_schedule"
            ),
            _bounded("invoice_due_days", "invoice_due_days", 0, MAX_DUE_DAYS),
            models.CheckConstraint(
                condition=Q(rtp_firewall__in=RtpFirewall.values), name="customer_rtp_firewall"
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func("portal_access", function="jsonb_typeof", output_field=TextField()), Value("object")
                ),
                name="customer_portal_access",
            ),
            models.UniqueConstraint(
                fields=["external_accounting_id"],
                condition=~Q(external_accounting_id=""),
                name="customer_external_accounting_id",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="customer_search"),
            GinIndex(fields=["tags"], name="customer_tags"),
            _index("name_key", "name"),
            *(_index(field, field) for field in ("status", "country", "currency", "updated_at")),
            _index("reseller_id", "reseller"),
            _index("account_manager_id", "account_manager"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def etag(self) -> str:
        """The entity tag of what a person edits."""
        return f'"{self.pk}-{self.version}"'

    @property
    def is_archived(self) -> bool:
        """Whether the card was deleted, which keeps it."""
        return self.archived_at is not None


class Meter(models.Model):
    """What moves with every call and payment: one narrow row for each customer, made with the card.

    Only the ledger's and the calls' functions write it. No index covers its columns, so that updates stay HOT.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="meter")
    balance_micros = models.BigIntegerField(default=0)
    reserved_micros = models.BigIntegerField(default=0)
    live_calls = models.IntegerField(default=0)

    class Meta:
        db_table = "customer_meter"
        constraints = [
            models.CheckConstraint(condition=Q(reserved_micros__gte=0), name="meter_reserved"),
            models.CheckConstraint(condition=Q(live_calls__gte=0), name="meter_live_calls"),
        ]

    def __str__(self) -> str:
        return f"meter of customer {self.pk}"


class Tag(models.Model):
    """The spelling of a tag: whoever uses it first decides it for all."""

    name_key = models.CharField(max_length=150, primary_key=True)
    name = models.CharField(max_length=50)

    class Meta:
        db_table = "tag"

    def __str__(self) -> str:
        return self.name
