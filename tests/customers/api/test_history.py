"""The history over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.models import Customer
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]


@pytest.fixture
def api(api_of: ApiOf, staff: User) -> ApiClient:
    return api_of(staff)


@pytest.fixture
def card(make_customer: MakeCustomer, staff: User) -> Customer:
    """A card whose history has, after its making, six rows in four entries."""
    card = make_customer("Acme")
    by = acting(staff, via="api")
    actions.update_customer(customer_id=card.pk, values={"channels": 3, "city": "Bern"}, by=by)
    actions.add_note(customer_id=card.pk, values={"text": "Hello"}, by=by)
    actions.update_customer(
        customer_id=card.pk, values={"channels": 5, "city": "Thun"}, by=by, note="As agreed"
    )
    actions.archive_customer(customer_id=card.pk, by=by)
    return card


def rows(api: ApiClient, card: Customer, query: str = "") -> list[tuple[Any, ...]]:
    results = api.get(f"customers/{card.pk}/history{query}").json()["results"]
    return [(row["action"], row["field"], row["old"], row["new"]) for row in results]


def test_every_field_that_changed_is_a_row_newest_first(api: ApiClient, card: Customer) -> None:
    newest = rows(api, card, "?limit=6")
    assert newest[0] == ("customer.archived", "archived", False, True)
    assert set(newest[1:3]) == {
        ("customer.updated", "channels", 3, 5),
        ("customer.updated", "city", "Bern", "Thun"),
    }
    assert newest[3] == ("note.added", "note.text", None, "Hello")
    assert set(newest[4:6]) == {
        ("customer.updated", "channels", None, 3),
        ("customer.updated", "city", "", "Bern"),
    }
    everything = rows(api, card)
    assert everything[:6] == newest
    assert {row[0] for row in everything[6:]} == {"customer.created"}
    assert ("customer.created", "name", None, "Acme") in everything


def test_a_row_tells_who_and_through_which_door(api: ApiClient, card: Customer) -> None:
    row = api.get(f"customers/{card.pk}/history?limit=1&offset=1").json()["results"][0]
    assert (row["who"], row["via"], row["note"]) == ("Stella Staff", "api", "As agreed")
    assert row["at"].endswith("Z")


def test_any_page_of_the_history_is_the_same_part_of_the_whole(api: ApiClient, card: Customer) -> None:
    everything = rows(api, card)
    total = api.get(f"customers/{card.pk}/history?limit=1").json()["total"]
    assert total == len(everything)
    for limit in (1, 2, 3, 5):
        for offset in range(total + 1):
            expected = everything[offset : offset + limit]
            assert rows(api, card, f"?limit={limit}&offset={offset}") == expected


def test_what_happened_without_fields_is_one_row(api: ApiClient, make_customer: MakeCustomer) -> None:
    card = make_customer("Acme")
    api.post(f"customers/{card.pk}/pending-changes", {"delay_seconds": 600, "changes": {"channels": 5}})
    row = api.get(f"customers/{card.pk}/history?limit=1").json()["results"][0]
    assert (row["action"], row["field"], row["old"], row["new"]) == ("change.planned", None, None, None)
    assert "→ 5 at " in row["note"]
