"""Groups, values, pivots and totals, against a plain Python evaluation of random cards."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linecard.accounts.models import Reseller
from linecard.kernel.errors import Invalid
from linecard.web.grid import grid as engine
from linecard.web.grid import groups
from tests.web.grid.oracle import cards, grouped, groups_in_order, values_of
from tests.web.grid.sample import STATUSES, Card, ask, store

pytestmark = pytest.mark.django_db
random_cards = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True, params=["in one pass", "by pages"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to find groups answer the same."""
    if request.param == "by pages":
        monkeypatch.setattr(groups, "MAX_RECORDS_AT_ONCE", 0)
    return str(request.param)


VALUES = {"channels": "avg", "debit_limit": "sum"}
group_columns = st.sampled_from(["status", "currency", "channels", "locked", "reseller", "city"])


def plain(value: Any) -> Any:
    """A group's value as the oracle has it: a reference by its name."""
    return value["name"] if isinstance(value, dict) else value


def path_value(value: Any) -> Any:
    """A group's value as ``group_path`` takes it."""
    return value["id"] if isinstance(value, dict) else value


@random_cards
@given(cards=cards, column=group_columns, direction=st.sampled_from(["asc", "desc"]))
def test_groups_add_up(cards: list[Card], column: str, direction: str) -> None:
    store(cards)
    answer = ask(group_by=[column], values=VALUES, sort=[{"column": column, "direction": direction}])
    expected = grouped(cards, column)
    in_order = groups_in_order(cards, column, direction)
    assert [plain(row["group"][column]) for row in answer["rows"]] == in_order
    for row in answer["rows"]:
        own = expected[plain(row["group"][column])]
        assert row["count"] == len(own)
        assert row["values"] == values_of(own)
    assert answer["total"] == len(expected)
    assert answer["totals"]["count"] == len(cards)
    assert answer["totals"]["values"] == values_of(cards)


@random_cards
@given(cards=cards, columns=st.lists(group_columns, min_size=2, max_size=2, unique=True))
def test_inside_every_group_are_its_groups_and_then_its_rows(cards: list[Card], columns: list[str]) -> None:
    store(cards)
    outer, inner = columns
    seen: list[str] = []
    for row in ask(group_by=columns)["rows"]:
        path = [path_value(row["group"][outer])]
        level = ask(group_by=columns, group_path=path, values=VALUES)
        own = grouped(cards, outer)[plain(row["group"][outer])]
        assert level["totals"] == {"count": row["count"], "values": values_of(own)}
        for sub in level["rows"]:
            assert sub["group"][outer] == row["group"][outer]
            members = ask(group_by=columns, group_path=[*path, path_value(sub["group"][inner])])
            assert members["total"] == sub["count"]
            seen += [member["name"] for member in members["rows"]]
    assert sorted(seen) == sorted(card.name for card in cards)


@random_cards
@given(cards=cards, column=group_columns)
def test_a_pivot_splits_counts_and_values(cards: list[Card], column: str) -> None:
    store(cards)
    answer = ask(group_by=["status"], pivot=column, values=VALUES)
    keys = {reseller.name: str(reseller.pk) for reseller in Reseller.objects.all()}
    for row in [*answer["rows"], {**answer["totals"], "group": {"status": None}}]:
        status = row["group"]["status"]
        own = [card for card in cards if status in (None, card.status)]
        split = {key_of(value, keys): group for value, group in grouped(own, column).items()}
        assert row["pivot"] == {
            key: {"count": len(group), "values": values_of(group)} for key, group in split.items()
        }
        if column in ("status", "city"):
            assert list(row["pivot"]) == groups_in_order(own, column, "asc")


def key_of(value: object, resellers: dict[str, str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else resellers.get(str(value), str(value))


def test_choices_stand_in_their_declared_order_on_every_page() -> None:
    store([Card(name=status, status=status) for status in sorted(STATUSES)])
    for place, status in enumerate(STATUSES):
        page = ask(group_by=["status"], offset=place, limit=1)
        assert (page["rows"][0]["group"], page["total"]) == ({"status": status}, 3)


def test_the_declared_order_splits_no_group_and_costs_no_grouping(way: str) -> None:
    store([Card(name="a", status="inactive"), Card(name="b", status="inactive"), Card(name="c")])
    with CaptureQueriesContext(connection) as statements:
        answer = ask(group_by=["status"])
    assert [(row["group"]["status"], row["count"]) for row in answer["rows"]] == [
        ("active", 1),
        ("inactive", 2),
    ]
    ordering = [one["sql"] for one in statements if "array_position" in one["sql"]]
    assert ordering
    assert all("array_position" not in sql.split("ORDER BY")[0] for sql in ordering)


def test_numbers_of_a_pivot_stand_by_size_and_no_value_last() -> None:
    store([Card(name=str(number), channels=number) for number in (10, 9, None, 100)])
    assert list(ask(pivot="channels")["totals"]["pivot"]) == ["9", "10", "100", ""]


def test_amounts_of_different_currencies_are_never_added() -> None:
    store(
        [
            Card(name="a", currency="EUR", debit_limit=12_000_000),
            Card(name="b", currency="USD", debit_limit=-500_000),
            Card(name="c", currency="USD", debit_limit=-250_001),
            Card(name="d", currency="JPY", debit_limit=300_000_000),
        ]
    )
    totals = ask(values={"debit_limit": "sum"})["totals"]
    assert totals["values"] == {"debit_limit": {"EUR": "12.00", "JPY": "300", "USD": "-0.750001"}}
    totals = ask(values={"debit_limit": "min"})["totals"]
    assert totals["values"] == {"debit_limit": {"EUR": "12.00", "JPY": "300", "USD": "-0.50"}}
    totals = ask(values={"debit_limit": "avg"})["totals"]
    assert totals["values"] == {"debit_limit": {"EUR": "12.00", "JPY": "300", "USD": "-0.375"}}
    assert ask(values={"debit_limit": "count"})["totals"]["values"] == {"debit_limit": 4}


def test_every_kind_of_value() -> None:
    store([Card(name="a", channels=1, city="Bern", tags=("x",)), Card(name="b", channels=4), Card(name="c")])
    answer = ask(
        values={
            "name": "count",
            "city": "count",
            "tags": "count",
            "channels": "max",
            "tax": "avg",
            "created": "min",
            "letters": "sum",
        }
    )
    assert answer["totals"] == {
        "count": 3,
        "values": {
            "name": 3,
            "city": 1,
            "tags": 1,
            "channels": 4,
            "tax": "0",
            "created": "2026-01-01T00:00:00Z",
            "letters": 3,
        },
    }


def test_values_of_nothing() -> None:
    store([])
    totals = ask(values={**VALUES, "letters": "sum", "tax": "min", "city": "count"})["totals"]
    assert totals == {
        "count": 0,
        "values": {"channels": None, "debit_limit": {}, "letters": None, "tax": None, "city": 0},
    }


def test_groups_can_be_ordered_by_a_value() -> None:
    store(
        [Card(name="a", city="X", channels=1), Card(name="b", city="Y", channels=3), Card(name="c", city="Z")]
    )
    by_value = {"group_by": ["city"], "values": {"channels": "sum"}}
    down = ask(**by_value, sort=[{"column": "channels", "direction": "desc"}])["rows"]
    up = ask(**by_value, sort=[{"column": "channels", "direction": "asc"}])["rows"]
    assert [row["group"]["city"] for row in down] == ["Y", "X", "Z"]
    assert [row["group"]["city"] for row in up] == ["X", "Y", "Z"]


def test_groups_come_in_pages_with_their_exact_number() -> None:
    store([Card(name=f"card {number}", city=f"city {number:02}") for number in range(7)])
    pages = [ask(group_by=["city"], offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [page["total"] for page in pages] == [7, 7, 7, 7]
    cities = [row["group"]["city"] for page in pages for row in page["rows"]]
    assert cities == [f"city {number:02}" for number in range(7)]


def test_a_page_of_groups_costs_few_statements(way: str) -> None:
    store([Card(name=f"card {letter}", city=letter, currency="EUR") for letter in "abc"])
    with CaptureQueriesContext(connection) as statements:
        ask(group_by=["city"], values=VALUES, pivot="currency", limit=10)
    assert len(statements) == {"in one pass": 1, "by pages": 5}[way]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"group_by": ["vars"]}, "group_by.0"),
        ({"group_by": ["debit_limit"]}, "group_by.0"),
        ({"group_by": ["city", "city"]}, "group_by.1"),
        ({"group_by": ["city"], "group_path": ["a", "b"]}, "group_path"),
        ({"group_by": ["channels"], "group_path": ["a"]}, "group_path.0"),
        ({"group_path": ["a"]}, "group_path"),
        ({"values": {"vars": "count"}}, "values.vars"),
        ({"values": {"tax": "sum"}}, "values.tax"),
        ({"pivot": "vars"}, "pivot"),
        ({"pivot": "created"}, "pivot"),
    ],
)
def test_what_cannot_be_grouped_is_named(query: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(**query)
    assert [error.field for error in refused.value.errors] == [path]


def test_a_pivot_with_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_PIVOT_VALUES", 2)
    store([Card(name=letter, city=letter) for letter in "abc"])
    with pytest.raises(Invalid) as refused:
        ask(pivot="city")
    assert [error.field for error in refused.value.errors] == ["pivot"]


def test_a_page_with_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    store(
        [
            Card(name=letter, city=letter, currency=code)
            for letter, code in zip("abcd", ["EUR", "USD"] * 2, strict=True)
        ]
    )
    monkeypatch.setattr(groups, "MAX_RECORDS_AT_ONCE", 0)
    monkeypatch.setattr(engine, "MAX_SUMMARY_RECORDS", 3)
    with pytest.raises(Invalid) as refused:
        ask(group_by=["city"], values={"debit_limit": "sum"})
    assert [error.field for error in refused.value.errors] == ["limit"]
