"""Filters: one table of cases over a fixed cast of cards, and the ways to get one wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest

from linecard.accounts.models import Reseller
from linecard.customers.models import Customer
from linecard.kernel.errors import FieldError, Invalid
from linecard.web.grid import Selection
from tests.web.grid.sample import EPOCH, GRID, Card, ask, filtered, store, term

pytestmark = pytest.mark.django_db

CAST = (
    Card(name="Ada", city="Bern", channels=None, tax=Decimal("7.7"), tags=("gold", "eu"), reseller="North"),
    Card(name="Bo%", city="", channels=0, debit_limit=-5_000_000, status="inactive", locked=True),
    Card(name="CÉLINE", city="bergen", channels=30, currency="USD", tags=("eu",), reseller="South"),
    Card(name="dora", city="Oslo", channels=31, debit_limit=100_000_001, created=EPOCH + timedelta(days=1)),
)


@pytest.fixture(autouse=True)
def _cast() -> None:
    store(CAST)


@pytest.mark.parametrize(
    ("column", "op", "value", "found"),
    [
        ("name", "equals", "céline", ["CÉLINE"]),
        ("name", "not_equals", "ADA", ["Bo%", "CÉLINE", "dora"]),
        ("name", "in", ["ada", "Dora"], ["Ada", "dora"]),
        ("name", "contains", "%", ["Bo%"]),
        ("name", "starts_with", "DO", ["dora"]),
        ("city", "equals", "BERN", ["Ada"]),
        ("city", "not_equals", "bern", ["Bo%", "CÉLINE", "dora"]),
        ("city", "in", ["BERN", "oslo"], ["Ada", "dora"]),
        ("city", "contains", "ER", ["Ada", "CÉLINE"]),
        ("city", "starts_with", "BER", ["Ada", "CÉLINE"]),
        ("city", "empty", None, ["Bo%"]),
        ("city", "not_empty", None, ["Ada", "CÉLINE", "dora"]),
        ("status", "equals", "inactive", ["Bo%"]),
        ("status", "in", ["inactive", "pending_approval"], ["Bo%"]),
        ("currency", "not_equals", "EUR", ["CÉLINE"]),
        ("channels", "equals", 0, ["Bo%"]),
        ("channels", "not_equals", 30, ["Ada", "Bo%", "dora"]),
        ("channels", "between", [0, 30], ["Bo%", "CÉLINE"]),
        ("channels", "gt", 30, ["dora"]),
        ("channels", "gte", 30, ["CÉLINE", "dora"]),
        ("channels", "lt", 30, ["Bo%"]),
        ("channels", "lte", 2**40, ["Bo%", "CÉLINE", "dora"]),
        ("channels", "empty", None, ["Ada"]),
        ("debit_limit", "equals", "-5.00", ["Bo%"]),
        ("debit_limit", "gt", "100", ["dora"]),
        ("debit_limit", "between", ["-5", "0"], ["Ada", "Bo%", "CÉLINE"]),
        ("tax", "equals", "7.700", ["Ada"]),
        ("tax", "gte", 1, ["Ada"]),
        ("locked", "equals", True, ["Bo%"]),
        ("locked", "not_equals", True, ["Ada", "CÉLINE", "dora"]),
        ("reseller", "contains", "orth", ["Ada"]),
        ("reseller", "starts_with", "s", ["CÉLINE"]),
        ("reseller", "empty", None, ["Bo%", "dora"]),
        ("reseller", "not_empty", None, ["Ada", "CÉLINE"]),
        ("tags", "contains", "eu", ["Ada", "CÉLINE"]),
        ("tags", "contains_any", ["gold", "vip"], ["Ada"]),
        ("tags", "contains_all", ["eu", "gold"], ["Ada"]),
        ("tags", "empty", None, ["Bo%", "dora"]),
        ("tags", "not_empty", None, ["Ada", "CÉLINE"]),
        ("created", "gt", "2026-01-01T00:00:00Z", ["dora"]),
        ("created", "lte", "2026-01-01T01:00:00+01:00", ["Ada", "Bo%", "CÉLINE"]),
        ("created", "between", ["2026-01-01T00:00:01Z", "2026-01-03T00:00:00Z"], ["dora"]),
        ("letters", "equals", 6, ["CÉLINE"]),
    ],
)
def test_a_term_finds_exactly(column: str, op: str, value: object, found: list[str]) -> None:
    assert filtered(column, op, value) == found


def test_a_reference_is_found_by_its_id() -> None:
    north = Reseller.objects.get(name="North").pk
    assert filtered("reseller", "equals", north) == ["Ada"]
    assert filtered("reseller", "not_equals", north) == ["Bo%", "CÉLINE", "dora"]
    assert filtered("reseller", "in", [north]) == ["Ada"]


@pytest.mark.parametrize(
    ("column", "op", "value", "path"),
    [
        ("balance", "equals", 1, "filter.balance"),
        ("name_key", "equals", "ada", "filter.name_key"),
        ("reseller__name", "equals", "North", "filter.reseller__name"),
        ("channels", "contains", "3", "filter.channels.op"),
        ("tags", "equals", "eu", "filter.tags.op"),
        ("channels", "equals", "30", "filter.channels.value"),
        ("channels", "equals", True, "filter.channels.value"),
        ("channels", "equals", 30.0, "filter.channels.value"),
        ("channels", "equals", 2**63, "filter.channels.value"),
        ("channels", "between", [1], "filter.channels.value"),
        ("channels", "between", [2, 1], "filter.channels.value"),
        ("channels", "in", [], "filter.channels.value"),
        ("channels", "in", 3, "filter.channels.value"),
        ("channels", "in", list(range(1001)), "filter.channels.value"),
        ("channels", "empty", 1, "filter.channels.value"),
        ("debit_limit", "equals", 5, "filter.debit_limit.value"),
        ("debit_limit", "equals", "1e3", "filter.debit_limit.value"),
        ("debit_limit", "equals", "0.0000001", "filter.debit_limit.value"),
        ("debit_limit", "equals", "9" * 30, "filter.debit_limit.value"),
        ("tax", "equals", "NaN", "filter.tax.value"),
        ("tax", "equals", "9" * 39, "filter.tax.value"),
        ("locked", "equals", 1, "filter.locked.value"),
        ("status", "equals", "dialing", "filter.status.value"),
        ("name", "contains", "", "filter.name.value"),
        ("name", "contains", "a\0b", "filter.name.value"),
        ("name", "equals", "\ud800", "filter.name.value"),
        ("name", "equals", "a" * 401, "filter.name.value"),
        ("created", "gt", "2026-01-01", "filter.created.value"),
        ("created", "gt", "2026-01-01T00:00:00", "filter.created.value"),
        ("created", "gt", "0001-01-01T00:00:00+14:00", "filter.created.value"),
        ("created", "gt", "yesterday", "filter.created.value"),
    ],
)
def test_what_cannot_be_asked_is_named(column: str, op: str, value: object, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(filter={column: term(op, value)})
    assert [error.field for error in refused.value.errors] == [path]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        ask(
            filter={"channels": term("equals", "x"), "nothing": term("empty")},
            search="\0",
            sort=[{"column": "tags"}, {"column": "name"}, {"column": "name", "direction": "desc"}],
            columns=["name", "vars"],
            values={"name": "sum"},
            pivot="debit_limit",
            group_by=["tags"],
        )
    assert refused.value.errors == (
        FieldError("group_by.0", "Rows cannot be grouped by Tags."),
        FieldError("filter.channels.value", "Must be a whole number."),
        FieldError("filter.nothing", "There is no column 'nothing'."),
        FieldError("search", "Contains a character that no text can hold."),
        FieldError("columns.1", "There is no column 'vars'."),
        FieldError("sort.0.column", "Tags has no order."),
        FieldError("sort.2.column", "Name is named twice."),
        FieldError("values.name", "Name can give: count."),
        FieldError("pivot", "Debit limit cannot be a pivot."),
    )


def test_a_selection_is_ids_or_everything_that_matches_but_some() -> None:
    cards = {card.name: card.pk for card in Customer.objects.all()}
    by_ids = Selection(ids=[cards["Ada"], cards["dora"]])
    matching = Selection.model_validate(
        {"all": True, "filter": {"channels": term("gte", 0)}, "search": "", "except": [cards["dora"]]}
    )
    selected = GRID.selected(Customer.objects.all(), by_ids).values_list("name", flat=True)
    assert sorted(selected) == ["Ada", "dora"]
    selected = GRID.selected(Customer.objects.all(), matching).values_list("name", flat=True)
    assert sorted(selected) == ["Bo%", "CÉLINE"]


@pytest.mark.parametrize("selection", [Selection(), Selection(ids=[], all=True)])
def test_a_selection_that_is_neither_or_both_is_refused(selection: Selection) -> None:
    with pytest.raises(Invalid):
        GRID.selected(Customer.objects.all(), selection)
