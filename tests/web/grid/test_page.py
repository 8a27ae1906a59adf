"""A grid's page: what its address means, and what the browser is told."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from linecard.customers.models import Customer
from linecard.web.grid import FilterTerm, Preset, Screen, answer_query
from tests.web.grid.sample import GRID, Card, names, store

pytestmark = pytest.mark.django_db

SCREEN = Screen(
    grid=GRID,
    one="card",
    many="cards",
    presets=(
        Preset(value="all", label="All", filter={}),
        Preset(value="active", label="Active", filter={"status": FilterTerm(op="equals", value="active")}),
    ),
)


@pytest.fixture(autouse=True)
def _cast() -> None:
    store(
        [
            Card(name="Ada", channels=1),
            Card(name="Bo", channels=3, status="inactive"),
            Card(name="Cy", channels=2),
        ]
    )


def context(**address: str) -> dict[str, Any]:
    return SCREEN.context(Customer.objects.all(), address, query_url="/query", row_url="/cards/{id}/")


def first(**address: str) -> list[str]:
    return names(context(**address)["grid_declaration"]["first"])


def test_a_bare_address_shows_everything_in_the_grids_own_order() -> None:
    shown = context()
    assert names(shown["grid_declaration"]["first"]) == ["Ada", "Bo", "Cy"]
    assert shown["grid"]["count"] == "3 cards"
    assert shown["grid"]["status"] == "all"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"search": "b"}, ["Bo"]),
        ({"status": "active"}, ["Ada", "Cy"]),
        ({"status": "unheard-of"}, ["Ada", "Bo", "Cy"]),
        ({"sort": "-channels"}, ["Bo", "Cy", "Ada"]),
        ({"sort": "status,-channels"}, ["Cy", "Ada", "Bo"]),
        ({"filter": '{"channels": {"op": "gt", "value": 1}}', "sort": "channels"}, ["Cy", "Bo"]),
        ({"status": "active", "filter": '{"status": {"op": "equals", "value": "inactive"}}'}, ["Ada", "Cy"]),
    ],
)
def test_an_address_carries_the_view(address: dict[str, str], found: list[str]) -> None:
    assert first(**address) == found


def test_one_row_is_counted_in_the_singular() -> None:
    assert context(search="ada")["grid"]["count"] == "1 card"


def test_an_address_may_name_the_columns() -> None:
    answer = context(columns="channels,name")["grid_declaration"]["first"]
    assert [list(row) for row in answer["rows"]] == [["id", "channels", "name"]] * 3


def test_what_the_columns_need_comes_with_them() -> None:
    answer = context(columns="debit_limit", values="channels:sum", pivot="status")["grid_declaration"][
        "first"
    ]
    assert list(answer["rows"][0]) == ["id", "debit_limit", "channels", "status", "currency"]


def test_an_address_may_group_add_up_and_pivot() -> None:
    shown = context(groups="status,currency", values="channels:sum", pivot="currency")
    assert shown["grid"]["count"] == "3 cards"
    answer = shown["grid_declaration"]["first"]
    groups = [(row["group"], row["count"], row["values"]) for row in answer["rows"]]
    assert groups == [
        ({"status": "active"}, 2, {"channels": 3}),
        ({"status": "inactive"}, 1, {"channels": 3}),
    ]
    assert answer["totals"] == {
        "count": 3,
        "values": {"channels": 6},
        "pivot": {"EUR": {"count": 3, "values": {"channels": 6}}},
    }


@pytest.mark.parametrize(
    "address",
    [
        {"sort": "balance"},
        {"groups": "tags"},
        {"values": "channels"},
        {"values": "channels:median"},
        {"pivot": "vars"},
        {"columns": "vars"},
        {"filter": "{"},
        {"filter": "[]"},
        {"filter": "[" * 20_000},
        {"filter": '{"channels": 3}'},
        {"filter": '{"channels": {"op": "equals", "value": "x"}}'},
        {"search": "x" * 201},
        {"search": "\0"},
    ],
)
def test_what_an_address_cannot_mean_is_left_to_the_browser_to_ask(address: dict[str, str]) -> None:
    shown = context(**address)
    assert shown["grid_declaration"]["first"] is None
    assert shown["grid"]["count"] == ""


def test_the_first_page_costs_two_statements() -> None:
    with CaptureQueriesContext(connection) as statements:
        context(status="active", sort="-reseller")
    assert len(statements) == 2


def test_the_browser_learns_what_the_columns_are() -> None:
    declaration = context()["grid_declaration"]
    columns = {column["name"]: column for column in declaration["columns"]}
    assert columns["debit_limit"]["currency"] == "currency"
    assert columns["tags"]["sorts"] is False
    assert columns["tags"]["groups"] is False
    assert columns["tax"]["functions"] == ("avg", "min", "max", "count")
    assert columns["status"]["choices"]["active"] == {"label": "Active", "tone": ""}
    assert declaration["presets"][1] == {
        "value": "active",
        "filter": {"status": {"op": "equals", "value": "active"}},
    }


def test_a_screen_without_verbs_for_a_selection_offers_no_ticks() -> None:
    assert context()["grid_declaration"]["selects"] is True
    plain = Screen(grid=GRID, one="card", many="cards", presets=SCREEN.presets, selects=False)
    shown = plain.context(Customer.objects.all(), {}, query_url="/query", row_url="/cards/{id}/")
    assert (shown["grid"]["selects"], shown["grid_declaration"]["selects"]) == (False, False)


def test_a_query_is_answered_as_json(rf: RequestFactory) -> None:
    request = rf.post("/", {"search": "b", "columns": ["name"]}, content_type="application/json")
    answer = answer_query(request, GRID, Customer.objects.all())
    assert answer.status_code == 200
    assert [row["name"] for row in json.loads(answer.content)["rows"]] == ["Bo"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", '{"limit": 0}', '{"unknown": 1}', '{"filter": {"unknown": {"op": "equals", "value": 1}}}'],
)
def test_a_query_that_cannot_be_is_a_problem(rf: RequestFactory, body: str) -> None:
    request = rf.post("/", body, content_type="application/json")
    answer = answer_query(request, GRID, Customer.objects.all())
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
