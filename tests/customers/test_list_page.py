"""The Customers page: whose cards it shows, what its addresses mean, and what it costs."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linecard.accounts.actor import acting
from linecard.accounts.models import Reseller, User
from linecard.customers import actions
from tests.conftest import ApiClient, MakeCustomer

ClientOf = Callable[[User], Client]

# Reading the session and its user; how numbers are shown; the saved views; then the grid's two: what matches in all,
# and the page.
PAGE_STATEMENTS = 6
# Finding the token's user; then the grid's two.
QUERY_STATEMENTS = 3


def first_page(client: Client, address: str = "/customers/") -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    declaration: dict[str, Any] = response.context["grid_declaration"]
    return declaration


def names(client: Client, address: str = "/customers/") -> list[str]:
    return [row["name"] for row in first_page(client, address)["first"]["rows"]]


def test_staff_see_all_cards_and_a_reseller_its_own(
    client_of: ClientOf, staff: User, north_user: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    make_customer("Zebra", reseller=north.pk)
    make_customer("Acme")
    assert names(client_of(staff)) == ["Acme", "Zebra"]
    assert names(client_of(north_user)) == ["Zebra"]
    assert first_page(client_of(north_user))["first"]["total"] == 1


def test_nobody_sees_it_without_signing_in(client: Client) -> None:
    response = client.get("/customers/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


def test_a_row_shows_the_card(
    client_of: ClientOf, staff: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    card = make_customer(
        "Acme",
        currency="JPY",
        channels=30,
        debit_limit="-500",
        country="FR",
        tags=["gold"],
        reseller=north.pk,
        account_manager=staff.pk,
    )
    (row,) = first_page(client_of(staff))["first"]["rows"]
    assert row == {
        "id": card.pk,
        "name": "Acme",
        "status": "active",
        "channels": 30,
        "cps": None,
        "debit_limit": "-500",
        "currency": "JPY",
        "country": "FR",
        "tags": ["gold"],
        "account_manager": {"id": staff.pk, "name": "Stella Staff"},
        "reseller": {"id": north.pk, "name": "North"},
        "updated_at": card.updated_at.isoformat().replace("+00:00", "Z"),
    }


def test_the_status_filter_and_the_search_are_in_the_address(
    client_of: ClientOf, staff: User, make_customer: MakeCustomer
) -> None:
    make_customer("Blue Telecom")
    make_customer("Blue Voice", status="inactive")
    make_customer("Red Voice", status="pending_approval")
    client = client_of(staff)
    assert names(client, "/customers/?status=inactive") == ["Blue Voice"]
    assert names(client, "/customers/?status=pending_approval") == ["Red Voice"]
    assert names(client, "/customers/?search=voi&sort=-name") == ["Red Voice", "Blue Voice"]
    assert names(client, "/customers/?search=voi+bl") == ["Blue Voice"]


def test_archived_cards_are_shown_to_those_who_ask(
    client_of: ClientOf, staff: User, make_customer: MakeCustomer
) -> None:
    gone = make_customer("Gone")
    make_customer("Here")
    actions.archive_customer(customer_id=gone.pk, by=acting(staff, via="form"))
    client = client_of(staff)
    assert names(client) == ["Here"]
    assert names(client, "/customers/?status=active") == ["Here"]
    assert names(client, "/customers/?status=archived") == ["Gone"]


def test_the_page_costs_the_same_few_statements_whatever_it_shows(
    client_of: ClientOf, staff: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    for number in range(20):
        make_customer(f"Card {number}", reseller=north.pk, account_manager=staff.pk, tags=["gold"])
    client = client_of(staff)
    for address in ("/customers/", "/customers/?search=card&status=active&sort=-account_manager,reseller"):
        with CaptureQueriesContext(connection) as statements:
            assert len(names(client, address)) == 20
        assert len(statements) == PAGE_STATEMENTS, [query["sql"] for query in statements]


def test_a_query_costs_the_same_few_statements_whatever_it_asks(
    api_of: Callable[[User], ApiClient], staff: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    for number in range(20):
        make_customer(f"Card {number}", reseller=north.pk, account_manager=staff.pk, tags=["gold"])
    api = api_of(staff)
    api.post("customers/query", {})  # the token's first use is written down
    for query in ({}, {"search": "card", "sort": [{"column": "balance"}], "offset": 3, "limit": 5}):
        with CaptureQueriesContext(connection) as statements:
            assert api.post("customers/query", query).json()["total"] == 20
        assert len(statements) == QUERY_STATEMENTS, [query["sql"] for query in statements]
