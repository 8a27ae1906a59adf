"""The bulk edit's dialog, the list of works and a work's own page; the delay log."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.actor import acting
from linecard.accounts.models import Reseller, User
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.models import BulkWork, PendingChange
from linecard.customers.queries import visible_to
from tests.conftest import MakeCustomer
from tests.customers.bulk_work.conftest import Edit, done, edit, values

__all__ = ["edit"]

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]
ALL = json.dumps({"all": True})


@pytest.fixture
def client(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


def form(*fields: str, **typed: Any) -> dict[str, Any]:
    """What the dialog sends with these fields ticked; all others are sent as well, as browsers do."""
    everything = {"status": "active", "channels": "", "cps": "", "tax": "0", "tags": "", "country": ""}
    return {**everything, "selection": ALL, "fields": fields, **typed}


def test_only_ticked_fields_are_put_on_the_cards(client: Client, make_customer: MakeCustomer) -> None:
    make_customer("A", channels=5, country="DE")
    answer = client.post("/customers/bulk/edit/", form("channels", "tax", channels="60", tax="7.7"))
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["changes"]) == ("done", {"channels": 60, "tax": "7.7"})
    assert (values("channels"), values("country")) == ({"A": 60}, {"A": "DE"})


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ({"fields": ["tags"], "tags": "a, b", "tags_verb": "add"}, {"tags": {"add": ["a", "b"]}}),
        ({"fields": ["tags"], "tags": "a", "tags_verb": "remove"}, {"tags": {"remove": ["a"]}}),
        ({"fields": ["tags"], "tags": "", "tags_verb": "whole"}, {"tags": []}),
        (
            {"fields": ["portal_access"], "portal_access.cdr": "hide", "portal_access.rates": "show"},
            {"portal_access": {"cdr": False, "rates": True}},
        ),
        ({"fields": ["email_verification"], "email_verification": "no"}, {"email_verification": False}),
        ({"fields": ["channels", "cps"], "channels": "", "cps": "3"}, {"channels": None, "cps": 3}),
        ({"fields": ["reseller"], "reseller": ""}, {"reseller": None}),
    ],
)
def test_what_is_typed_is_what_is_asked_for(
    client: Client, make_customer: MakeCustomer, typed: dict[str, Any], changes: dict[str, Any]
) -> None:
    make_customer("A", tags=["a"])
    assert client.post("/customers/bulk/edit/", {"selection": ALL, **typed}).json()["changes"] == changes


def test_the_preview_tells_it_in_words(client: Client, make_customer: MakeCustomer) -> None:
    make_customer("A", channels=5)
    make_customer("B", channels=60)
    shown = client.post("/customers/bulk/preview/", form("channels", channels="60")).content.decode()
    assert "<strong>1</strong> of 2 customers" in shown
    assert "1 is so already" in shown
    assert '<span class="was">5</span>' in shown
    assert values("channels") == {"A": 5, "B": 60}
    empty = client.post("/customers/bulk/preview/", form()).content.decode()
    assert "Tick what is to change" in empty


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"channels": "many"}, "Channels: Write a whole number, for example 30."),
        ({"channels": "-1"}, "Channels: Must be from 0 to 1,000,000."),
        ({"channels": "1", "selection": "{}"}, "Give either ids or all."),
        ({"channels": "1", "selection": "["}, "Invalid JSON"),
        (
            {"channels": "1", "later": "1", "later-after": "exact", "later-at": "x"},
            "Write the date and the time",
        ),
    ],
)
def test_what_cannot_be_is_said_instead(
    client: Client, make_customer: MakeCustomer, typed: dict[str, Any], message: str
) -> None:
    make_customer()
    sent = form("channels", **typed)
    assert message in client.post("/customers/bulk/preview/", sent).content.decode()
    assert client.post("/customers/bulk/edit/", sent).status_code == 422
    assert not BulkWork.objects.exists()


def test_an_edit_for_later_is_in_the_delay_log(client: Client, make_customer: MakeCustomer) -> None:
    make_customer("A", channels=5)
    sent = form("channels", "tags", channels="60", tags="gold", tags_verb="add", later="1") | {
        "later-after": "1h"
    }
    assert "planned" in client.post("/customers/bulk/edit/", sent).json()
    assert values("channels") == {"A": 5}
    change = PendingChange.objects.get()
    (row,) = client.get("/pending-changes/").context["grid_declaration"]["first"]["rows"]
    assert row["changes"] == "Bulk edit of 1 customer; Channels → 60; Tags → add gold"
    shown = client.get(f"/pending-changes/{change.pk}/").content.decode()
    assert "Bulk edit of 1 customer" in shown
    assert "<strong>add gold</strong>" in shown
    client.post(f"/pending-changes/{change.pk}/run/")
    done(BulkWork.objects.get())
    assert values("channels") == {"A": 60}


def test_a_work_shows_what_became_of_each_card(
    client: Client, edit: Edit, make_customer: MakeCustomer
) -> None:
    make_customer("A", cps=5)
    make_customer("B", cps=60)
    work = edit(cps=60)
    listed = client.get("/bulk-works/").context["grid_declaration"]["first"]["rows"]
    assert [(row["id"], row["action"], row["state"], row["changed"]) for row in listed] == [
        (work.pk, "edit", "done", 1)
    ]
    page = client.get(f"/bulk-works/{work.pk}/")
    rows = page.context["grid_declaration"]["first"]["rows"]
    assert [(row["customer"], row["outcome"]) for row in rows] == [("A", "changed"), ("B", "unchanged")]
    assert "1 changed, 1 as they were." in page.content.decode()
    query = json.dumps({"filter": {"outcome": {"op": "equals", "value": "changed"}}})
    address = f"/bulk-works/{work.pk}/query/"
    answer = client.post(address, query, content_type="application/json").json()
    assert [row["customer"] for row in answer["rows"]] == ["A"]
    found = client.post(
        "/bulk-works/query/", json.dumps({"search": "stella"}), content_type="application/json"
    )
    assert found.json()["total"] == 1


def test_a_work_is_taken_back_on_its_page(client: Client, edit: Edit, make_customer: MakeCustomer) -> None:
    make_customer("A", cps=5)
    work = edit(cps=60)
    assert client.post(f"/bulk-works/{work.pk}/undo/").headers["Location"] == f"/bulk-works/{work.pk}/"
    assert values("cps") == {"A": 5}
    page = client.post(f"/bulk-works/{work.pk}/undo/", follow=True).content.decode()
    assert "it cannot be taken back" in page


def test_a_reseller_has_works_of_its_own(
    client: Client, client_of: ClientOf, north_user: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    make_customer("Norths", reseller=north.pk)
    begun = begin_edit(visible_to(north_user), changes={"cps": 1}, by=acting(north_user, via="form"))
    client.post("/customers/bulk/edit/", form("cps", cps="2"))
    own = client_of(north_user)
    listed = own.get("/bulk-works/").context["grid_declaration"]["first"]["rows"]
    assert [row["id"] for row in listed] == [begun.pk]
    assert own.get(f"/bulk-works/{BulkWork.objects.exclude(pk=begun.pk).get().pk}/").status_code == 404
    assert "Reseller" not in own.get("/customers/bulk/form/").content.decode()


def test_a_plan_for_many_is_listed_on_each_of_its_cards(
    client: Client, client_of: ClientOf, north_user: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    meant = make_customer("A", reseller=north.pk)
    selection = json.dumps({"ids": [meant.pk]})
    other = make_customer("B")
    client.post("/customers/bulk/edit/", form("cps", cps="2", selection=selection, later="1"))
    title = "Bulk edit of 1 customer"
    page = client.get(f"/customers/{meant.pk}/pending/").content.decode()
    assert title in page
    assert "Run now" not in page  # that is about all of them, and is in the delay log
    assert title not in client.get(f"/customers/{other.pk}/pending/").content.decode()
    # how many the operator changes is none of the reseller's business
    assert title not in client_of(north_user).get(f"/customers/{meant.pk}/pending/").content.decode()
    assert "Run now" in client.get("/pending-changes/").content.decode()
