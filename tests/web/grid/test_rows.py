"""Rows: order, pages and their exact number, against a plain Python evaluation of random cards."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from linecard.web.grid import GridQuery
from tests.web.grid.oracle import SHOWN, SORT_KEYS, cards, ordered
from tests.web.grid.sample import Card, ask, names, store, term

pytestmark = pytest.mark.django_db
random_cards = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

sorts = st.lists(
    st.tuples(st.sampled_from(sorted(SORT_KEYS)), st.sampled_from(["asc", "desc"])),
    max_size=3,
    unique_by=lambda pair: pair[0],
)


def as_query(sort: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"column": column, "direction": direction} for column, direction in sort]


@random_cards
@given(cards=cards, sort=sorts)
def test_rows_come_in_the_order_asked_for(cards: list[Card], sort: list[tuple[str, str]]) -> None:
    store(cards)
    whole = [*sort, ("name", "asc")] if "name" not in dict(sort) else sort
    answer = ask(sort=as_query(whole), columns=["name"])
    assert names(answer) == [card.name for card in ordered(cards, sort)]
    assert answer["total"] == answer["totals"]["count"] == len(cards)


@random_cards
@given(cards=cards, sort=sorts, limit=st.integers(1, 5))
def test_pages_cover_every_row_exactly_once(
    cards: list[Card], sort: list[tuple[str, str]], limit: int
) -> None:
    store(cards)
    whole = ask(sort=as_query(sort), limit=1000)["rows"]
    pages = [
        ask(sort=as_query(sort), offset=offset, limit=limit)["rows"]
        for offset in range(0, len(cards) + limit, limit)
    ]
    assert [row for page in pages for row in page] == whole
    known = [
        ask(sort=as_query(sort), offset=offset, limit=limit, known_total=len(cards))["rows"]
        for offset in range(0, len(cards) + limit, limit)
    ]
    assert known == pages
    assert sorted(row["name"] for row in whole) == sorted(card.name for card in cards)


@random_cards
@given(cards=cards)
def test_rows_show_what_is_stored(cards: list[Card]) -> None:
    store(cards)
    shown = {row["name"]: row for row in ask()["rows"]}
    for card in cards:
        row = shown[card.name]
        reseller = row["reseller"]["name"] if row["reseller"] else None
        assert {**row, "reseller": reseller} == {
            **{name: show(card) for name, show in SHOWN.items()},
            "id": row["id"],
            "tax": "0",
            "tags": list(card.tags),
            "created": "2026-01-01T00:00:00Z",
            "letters": len(card.name),
        }


@random_cards
@given(
    cards=cards,
    city=st.sampled_from(["bern", "Oslo"]),
    most=st.integers(0, 3),
    tag=st.sampled_from(["a", "b"]),
)
def test_terms_hold_together(cards: list[Card], city: str, most: int, tag: str) -> None:
    store(cards)
    answer = ask(
        filter={"city": term("equals", city), "channels": term("lte", most), "tags": term("contains", tag)}
    )
    found = [
        card
        for card in cards
        if card.city.lower() == city.lower() and (card.channels or 0) <= most and tag in card.tags
        if card.channels is not None
    ]
    assert names(answer) == [card.name for card in ordered(found, [])]
    assert answer["total"] == len(found)


def test_only_the_columns_asked_for_are_answered() -> None:
    store([Card(name="Ada")])
    (row,) = ask(columns=["debit_limit", "name"])["rows"]
    assert list(row) == ["id", "debit_limit", "name"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_search_narrows_rows_and_totals(limit: int) -> None:
    store([Card(name="Adele"), Card(name="Ada"), Card(name="Bo")])
    answer = ask(search=" AD ", limit=limit)
    assert names(answer) == ["Ada", "Adele"][:limit]
    assert answer["total"] == 2
    assert answer["totals"] == {"count": 2, "values": {}}
    assert names(ask(search="ad", offset=1)) == ["Adele"]
    assert ask(search="nobody") == {"rows": [], "total": 0, "totals": {"count": 0, "values": {}}}


def test_what_a_search_finds_is_looked_up_once() -> None:
    store([Card(name="Ada"), Card(name="Bo")])
    with CaptureQueriesContext(connection) as statements:
        ask(search="ada")
    assert ["ada" in statement["sql"] for statement in statements.captured_queries] == [True, False]


@pytest.mark.parametrize("offset", [0, 3, 9, 10, 1_000_000_000])
def test_a_page_costs_two_statements(offset: int) -> None:
    store([Card(name=f"card {number}", reseller="North") for number in range(10)])
    with CaptureQueriesContext(
        connection,
    ) as statements:
        answer = ask(offset=offset, limit=4, sort=[{"column": "reseller"}])
    assert len(answer["rows"]) == max(0, min(4, 10 - offset))
    assert len(statements) == (2 if offset < 10 else 1)
    with CaptureQueriesContext(connection) as statements:
        assert (
            ask(offset=offset, limit=4, sort=[{"column": "reseller"}], known_total=10)["rows"]
            == answer["rows"]
        )
    assert len(statements) == (1 if offset < 10 else 0)


def test_a_known_total_is_taken_at_its_word_by_records_only() -> None:
    store([Card(name="Ada", city="Bath"), Card(name="Bo", city="Bath"), Card(name="Cy", city="York")])
    answer = ask(offset=1, known_total=2, values={"channels": "sum"})
    assert (names(answer), answer["total"]) == (["Bo"], 2)
    assert answer["totals"] == {"count": 2, "values": {}}
    groups = ask(group_by=["city"], known_total=17)
    assert (groups["total"], groups["totals"]["count"]) == (2, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 1001},
        {"limit": "10"},
        {"offset": -1},
        {"offset": 1.0},
        {"search": "a" * 201},
        {"sort": [{"column": "name", "direction": "up"}]},
        {"sort": [{"column": "name"}] * 9},
        {"group_by": ["city"] * 5},
        {"values": {"channels": "median"}},
        {"filter": {"name": {"op": "like", "value": "a"}}},
        {"filter": {"name": {"op": "empty", "extra": 1}}},
        {"surprise": True},
    ],
)
def test_a_query_outside_the_schema_is_refused(query: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GridQuery.model_validate(query)


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ({}, False),
        ({"columns": ["name"], "filter": {"city": term("empty")}}, False),
        ({"sort": [{"column": "letters"}]}, True),
        ({"filter": {"letters": term("gt", 0)}}, True),
        ({"values": {"letters": "sum"}}, True),
        ({"pivot": "letters"}, True),
    ],
)
def test_rows_are_counted_and_placed_without_what_nobody_asks_for(
    query: dict[str, Any], needed: bool
) -> None:
    store([Card(name="a"), Card(name="b")])
    with CaptureQueriesContext(connection) as statements:
        ask(**query)
    count = statements.captured_queries[0]["sql"]
    placed = re.search(r"IN \(SELECT .*\)", statements.captured_queries[1]["sql"])
    assert placed
    assert ("LENGTH" in count + placed[0]) is needed
