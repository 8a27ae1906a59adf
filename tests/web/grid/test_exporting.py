"""Files of a grid: the columns, order, filters and groups of a query, all rows of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from linecard.customers.models import Customer
from linecard.kernel.errors import Invalid
from linecard.web.grid import ExportQuery, export_of, exporting, group_tables, records
from tests.web.grid.sample import GRID, Card, store, term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cast() -> None:
    store(
        [
            Card(name="Ada", city="Bath", channels=1, debit_limit=5_000_000, tax=Decimal("7.7"), locked=True),
            Card(name="Bo", status="inactive", currency="JPY", debit_limit=-7_000_000, reseller="North"),
            Card(name="Cy", city="Bath", channels=3, debit_limit=1_500_000, tags=("a", "b")),
        ]
    )


def cells(rows: QuerySet[Customer] | None = None, **query: Any) -> list[list[Any]]:
    asked = ExportQuery.model_validate({"format": "csv", **query})
    table = export_of(GRID, Customer.objects.all() if rows is None else rows, asked).table
    return [[heading.text for heading in table.headings], *map(list, table.rows)]


def test_the_columns_of_the_query_in_its_order_under_their_labels() -> None:
    columns = ["locked", "name", "status", "tax", "reseller", "tags"]
    assert cells(columns=columns, sort=[{"column": "name", "direction": "desc"}]) == [
        ["CLI check", "Name", "Status", "Tax", "Reseller", "Tags"],
        ["No", "Cy", "Active", "0", None, "a, b"],
        ["No", "Bo", "Inactive", "0", "North", ""],
        ["Yes", "Ada", "Active", "7.7", None, ""],
    ]


def test_programs_get_the_names_and_values_of_the_api() -> None:
    columns = ["locked", "name", "status", "channels"]
    assert cells(columns=columns, spelling="api", search="bo") == [
        ["locked", "name", "status", "channels"],
        ["false", "Bo", "inactive", None],
    ]


def test_an_amount_brings_its_currency_along() -> None:
    assert cells(columns=["name", "debit_limit"]) == [
        ["Name", "Debit limit", "Currency"],
        ["Ada", "5.00", "EUR"],
        ["Bo", "-7", "JPY"],
        ["Cy", "1.50", "EUR"],
    ]


def test_filter_and_search_leave_rows_out() -> None:
    assert cells(columns=["name"], filter={"channels": term("gte", 2)})[1:] == [["Cy"]]
    assert cells(columns=["name"], search="a")[1:] == [["Ada"]]


def test_some_of_the_rows() -> None:
    assert cells(columns=["name"], offset=1)[1:] == [["Bo"], ["Cy"]]
    assert cells(columns=["name"], offset=1, limit=1)[1:] == [["Bo"]]


def test_a_selection_has_the_querys_order_and_nothing_else() -> None:
    by_name = {card.name: card.pk for card in Customer.objects.all()}
    ids = {"ids": [by_name["Ada"], by_name["Cy"]]}
    descending = [{"column": "name", "direction": "desc"}]
    assert cells(columns=["name"], selection=ids, sort=descending)[1:] == [["Cy"], ["Ada"]]
    every = {"all": True, "filter": {"city": term("equals", "bath")}, "except": [by_name["Ada"]]}
    assert cells(columns=["name"], selection=every)[1:] == [["Cy"]]
    with pytest.raises(Invalid, match="Give either a selection"):
        cells(selection=ids, search="a")


def test_rows_that_may_not_be_seen_are_in_no_file() -> None:
    own = Customer.objects.filter(name_key="bo")
    everybody = {"ids": [card.pk for card in Customer.objects.all()]}
    assert cells(own, columns=["name"])[1:] == [["Bo"]]
    assert cells(own, columns=["name"], selection=everybody)[1:] == [["Bo"]]
    assert [row[0] for row in cells(own, group_by=["status"])[1:]] == ["Inactive", None]


def test_a_file_is_read_in_short_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "READ_AT_ONCE", 2)
    with CaptureQueriesContext(connection) as statements:
        assert [row[0] for row in cells(columns=["name"])[1:]] == ["Ada", "Bo", "Cy"]
    assert len(statements) == 3  # the ids, two rows, one row


def test_a_row_that_goes_away_meanwhile_is_left_out() -> None:
    asked = ExportQuery.model_validate({"format": "csv", "columns": ["name"]})
    export = export_of(GRID, Customer.objects.all(), asked)
    Customer.objects.filter(name_key="bo").delete()
    assert [list(row) for row in export.table.rows] == [["Ada"], ["Cy"]]


def test_no_rows_are_a_heading() -> None:
    assert cells(columns=["name"], search="nobody") == [["Name"]]


def test_groups_are_rows_with_their_values_each_currency_apart() -> None:
    query: dict[str, Any] = {
        "group_by": ["city", "status"],
        "values": {"debit_limit": "sum", "channels": "avg"},
    }
    assert cells(**query) == [
        [
            *("City", "Status", "Level", "Count"),
            *("Debit limit sum EUR", "Debit limit sum JPY", "Channels average"),
        ],
        ["Bath", "Active", "Status", 2, "6.50", None, "2"],
        ["Bath", None, "City", 2, "6.50", None, "2"],
        ["", "Inactive", "Status", 1, None, "-7", None],
        ["", None, "City", 1, None, "-7", None],
        [None, None, "Total", 3, "6.50", "-7", "2"],
    ]
    assert cells(**query, offset=3, limit=2, spelling="api") == [
        [
            *("city", "status", "level", "count"),
            *("debit_limit sum EUR", "debit_limit sum JPY", "channels avg"),
        ],
        ["", None, 1, 1, None, "-7", None],
        [None, None, 0, 3, "6.50", "-7", "2"],
    ]


def test_every_level_has_its_subtotals_after_what_they_add_up() -> None:
    store(
        [
            Card(name="a", city="Bath", status="active", reseller="North", channels=1),
            Card(name="b", city="Bath", status="active", reseller="South", channels=2),
            Card(name="c", city="Bath", status="inactive", reseller="North", channels=4),
            Card(name="d", city="Oslo", status="active", reseller="North", channels=8),
        ]
    )
    assert cells(group_by=["city", "status", "reseller"], values={"channels": "sum"}) == [
        ["City", "Status", "Reseller", "Level", "Count", "Channels sum"],
        ["Bath", "Active", "North", "Reseller", 1, 1],
        ["Bath", "Active", "South", "Reseller", 1, 2],
        ["Bath", "Active", None, "Status", 2, 3],
        ["Bath", "Inactive", "North", "Reseller", 1, 4],
        ["Bath", "Inactive", None, "Status", 1, 4],
        ["Bath", None, None, "City", 3, 7],
        ["Oslo", "Active", "North", "Reseller", 1, 8],
        ["Oslo", "Active", None, "Status", 1, 8],
        ["Oslo", None, None, "City", 1, 8],
        [None, None, None, "Total", 4, 15],
    ]


def test_a_group_of_no_value_is_no_subtotal() -> None:
    level = 2
    assert [row[level] for row in cells(group_by=["status", "reseller"], search="cy")[1:]] == [
        *("Reseller", "Status", "Total")
    ]


def test_groups_of_nothing_are_the_grand_total() -> None:
    assert cells(group_by=["city"], search="nobody") == [["City", "Level", "Count"], [None, "Total", 0]]


def test_a_pivot_repeats_the_values_for_each_of_its_own() -> None:
    assert cells(group_by=["city"], values={"channels": "max"}, pivot="reseller") == [
        [
            *("City", "Level", "Count", "Channels maximum"),
            *("North: Count", "North: Channels maximum"),
            *("No reseller: Count", "No reseller: Channels maximum"),
        ],
        ["Bath", "City", 2, 3, 0, None, 2, 3],
        ["", "City", 1, None, 1, None, 0, None],
        [None, "Total", 3, 3, 1, None, 2, 3],
    ]


def test_a_group_of_no_value_and_of_a_reference() -> None:
    assert cells(group_by=["reseller", "locked"])[1:] == [
        ["North", "No", "CLI check", 1],
        ["North", None, "Reseller", 1],
        [None, "No", "CLI check", 1],
        [None, "Yes", "CLI check", 1],
        [None, None, "Reseller", 2],
        [None, None, "Total", 3],
    ]


@pytest.mark.parametrize(
    "query",
    [{"columns": ["vars"]}, {"sort": [{"column": "tags"}]}, {"group_by": ["tags"]}, {"pivot": "unknown"}],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(query: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        cells(**query)


def test_more_rows_than_a_workbook_holds_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    with pytest.raises(Invalid, match="A workbook holds 2 rows, and these are 3: take csv"):
        cells(format="xlsx")
    assert len(cells(format="csv")) == 4


def test_groups_inside_of_very_many_groups_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_tables, "_MOST_OUTER_GROUPS", 2)
    assert len(cells(group_by=["city", "name"])) == 1 + 3 + 2 + 1
    assert len(cells(group_by=["name"])) == 1 + 3 + 1
    with pytest.raises(Invalid) as refusal:
        cells(group_by=["name", "city"])
    assert [error.field for error in refusal.value.errors] == ["group_by"]
    two = {"name": {"op": "in", "value": ["Ada", "Bo"]}}
    assert len(cells(group_by=["name", "city"], filter=two)) == 1 + 2 + 2 + 1
