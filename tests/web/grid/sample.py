"""A grid over real cards, made here so that these tests depend on no screen's choice of columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Length

from linecard.accounts.models import Reseller
from linecard.customers.models import Customer
from linecard.kernel.names import name_key
from linecard.web.grid import Answer, Choice, Column, FilterTerm, Grid, GridQuery, SortTerm

STATUSES = ("pending_approval", "active", "inactive")  # as they are declared, not as their codes sort
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def search(cards: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    return cards.filter(name_key__startswith=name_key(text))


COLUMNS = (
    Column(name="name", label="Name", kind="text", sort=("name_key",), folded="name_key", fold=name_key),
    Column(name="city", label="City", kind="text"),
    Column(
        name="status",
        label="Status",
        kind="choice",
        choices=tuple(Choice(status, status.title()) for status in STATUSES),
    ),
    Column(name="currency", label="Currency", kind="choice"),
    Column(name="channels", label="Channels", kind="integer"),
    Column(
        name="debit_limit",
        label="Debit limit",
        kind="money",
        source="debit_limit_micros",
        currency="currency",
    ),
    Column(name="tax", label="Tax", kind="percent"),
    Column(name="locked", label="CLI check", kind="boolean", source="approved_clis_only"),
    Column(name="reseller", label="Reseller", kind="reference", source="reseller_id", shown="reseller__name"),
    Column(name="tags", label="Tags", kind="tags"),
    Column(name="created", label="Created", kind="datetime", source="created_at"),
    Column(name="letters", label="Letters", kind="integer", source="letter_count"),
)

GRID = Grid(
    "sample",
    COLUMNS,
    search=search,
    default_sort=[SortTerm(column="name")],
    annotations={"letter_count": Length(F("name"))},
)


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a test says about a card; the rest is filled in."""

    name: str
    city: str = ""
    status: str = "active"
    currency: str = "EUR"
    channels: int | None = None
    debit_limit: int = 0
    tax: Decimal = Decimal(0)
    locked: bool = False
    reseller: str | None = None
    tags: tuple[str, ...] = ()
    created: datetime = EPOCH


def store(cards: Sequence[Card]) -> list[Customer]:
    """Replace all stored cards by these."""
    Customer.objects.all().delete()
    resellers = {
        name: Reseller.objects.get_or_create(name_key=name_key(name), defaults={"name": name})[0].pk
        for name in sorted({card.reseller for card in cards if card.reseller})
    }
    return Customer.objects.bulk_create(
        Customer(
            name=card.name,
            name_key=name_key(card.name),
            city=card.city,
            status=card.status,
            currency=card.currency,
            channels=card.channels,
            debit_limit_micros=card.debit_limit,
            tax=card.tax,
            approved_clis_only=card.locked,
            reseller_id=resellers.get(card.reseller or ""),
            tags=list(card.tags),
            created_at=card.created,
            updated_at=card.created,
        )
        for card in cards
    )


def ask(**query: Any) -> Answer:
    """Run a query, written as in the API, over all cards."""
    return GRID.run(Customer.objects.all(), GridQuery.model_validate(query))


def term(op: str, value: object = None) -> dict[str, object]:
    return {"op": op, "value": value}


def names(answer: Mapping[str, Any]) -> list[str]:
    return [row["name"] for row in answer["rows"]]


def filtered(column: str, op: str, value: object = None) -> list[str]:
    """The names, in order, of the cards of which a term holds."""
    terms = {column: FilterTerm.model_validate(term(op, value))}
    matching = GRID.matching(Customer.objects.all(), terms, "")
    return list(matching.order_by("name_key").values_list("name", flat=True))
