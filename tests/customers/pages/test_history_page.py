"""The history of a card."""

from collections.abc import Callable

import pytest
from django.test import Client

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.customers import actions
from linecard.customers.models import Customer
from tests.conftest import MakeCustomer

ClientOf = Callable[[User], Client]
Event = tuple[str, str, list[tuple[str, str, str]]]


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


@pytest.fixture
def acme(make_customer: MakeCustomer) -> Customer:
    """A card."""
    return make_customer("Acme")


def events(browser: Client, customer: Customer, query: str = "") -> list[Event]:
    found = browser.get(f"/customers/{customer.pk}/history/{query}").context["events"]
    return [
        (event.what, event.door, [(row.label, row.old_shown, row.new_shown) for row in event.rows])
        for event in found
    ]


def test_it_tells_who_did_what_through_which_door_newest_first(
    browser: Client, acme: Customer, by: UserActor, admin: User, north: Reseller
) -> None:
    ada = acting(admin, via="api")
    values = {"debit_limit": "1000", "account_manager": admin.pk, "reseller": None, "tags": ["uk"]}
    actions.update_customer(customer_id=acme.pk, values=values, by=ada)
    actions.add_contact(customer_id=acme.pk, values={"name": "Anna"}, by=by)
    actions.archive_customer(customer_id=acme.pk, by=by)
    told = events(browser, acme)
    assert told[0] == ("deleted the card", "Form", [("Archived", "no", "yes")])
    assert told[1][:2] == ("added a contact", "Form")
    what, door, fields = told[2]
    assert (what, door) == ("changed", "API")
    assert sorted(fields) == [
        ("Account manager", "", "Ada"),
        ("Debit limit", "0.00 EUR", "1,000.00 EUR"),
        ("Tags", "", "uk"),
    ]
    assert told[3][0] == "made the card"


@pytest.mark.parametrize(
    ("sees", "told"),
    [
        (("contacts", "notes"), ["wrote a note", "added a contact", "made the card"]),
        (("contacts",), ["added a contact", "made the card"]),
        (("notes",), ["wrote a note", "made the card"]),
        ((), ["made the card"]),
    ],
)
def test_it_tells_of_parts_only_to_those_who_may_see_them(
    client_of: ClientOf, acme: Customer, by: UserActor, admin: User, sees: tuple[str, ...], told: list[str]
) -> None:
    actions.add_contact(customer_id=acme.pk, values={"name": "Anna", "email": "anna@example.com"}, by=by)
    actions.add_note(customer_id=acme.pk, values={"text": "Between us"}, by=by)
    permissions = {area: ["read"] for area in ("customers", *sees)}
    group = accounts.create_group(name="Readers", permissions=permissions, by=acting(admin, via="form"))
    rita = accounts.create_user(username="rita", groups=[group], by=command_actor())
    browser = client_of(rita)
    assert [event[0] for event in events(browser, acme)] == told
    assert [event[0] for event in events(browser, acme, "?field=notes")] == [
        what for what in told if what == "wrote a note"
    ]
    page = browser.get(f"/customers/{acme.pk}/history/").content.decode()
    answer = browser.get(f"/api/v1/customers/{acme.pk}/history").content.decode()
    for text in (page, answer):
        assert ("anna@example.com" in text) == ("contacts" in sees)
        assert ("Between us" in text) == ("notes" in sees)


def test_it_is_filtered_by_field_and_by_kind(browser: Client, acme: Customer, by: UserActor) -> None:
    actions.update_customer(customer_id=acme.pk, values={"cps": 1, "channels": 2}, by=by)
    actions.add_note(customer_id=acme.pk, values={"text": "Hello."}, by=by)
    assert events(browser, acme, "?field=cps") == [
        ("changed", "Form", [("Flow speed (CPS)", "No limit", "1")])
    ]
    assert [event[0] for event in events(browser, acme, "?field=notes")] == ["wrote a note"]
    assert [event[0] for event in events(browser, acme, "?field=life")] == ["made the card"]
    assert events(browser, acme, "?field=city") == []
    assert (
        "This was never changed." in browser.get(f"/customers/{acme.pk}/history/?field=city").content.decode()
    )


def test_of_long_texts_only_the_lines_that_differ_are_shown(
    browser: Client, acme: Customer, by: UserActor
) -> None:
    lines = [f"a{number} = {number}" for number in range(30)]
    actions.update_customer(customer_id=acme.pk, values={"vars": "\n".join(lines)}, by=by)
    lines[15] = "a15 = 99"
    actions.update_customer(customer_id=acme.pk, values={"vars": "\n".join(lines)}, by=by)
    page = browser.get(f"/customers/{acme.pk}/history/?field=vars").content.decode()
    newest = page[page.index("Lines that changed") :]
    newest = newest[: newest.index("</details>")]
    assert 'data-sign="−">a15 = 15' in newest
    assert 'data-sign="+">a15 = 99' in newest
    assert "a14 = 14" in newest
    assert "a3 = 3" not in newest


def test_it_is_paged(browser: Client, acme: Customer, by: UserActor) -> None:
    for number in range(52):
        actions.update_customer(customer_id=acme.pk, values={"cps": number}, by=by)
    assert len(events(browser, acme)) == 50
    assert [event[0] for event in events(browser, acme, "?page=2")] == ["changed", "changed", "made the card"]


def test_a_reseller_learns_no_names_that_are_not_its_own(
    client_of: ClientOf,
    north: Reseller,
    south: Reseller,
    north_user: User,
    make_customer: MakeCustomer,
    by: UserActor,
) -> None:
    moved = make_customer("Moved", reseller=south.pk)
    actions.update_customer(customer_id=moved.pk, values={"reseller": north.pk}, by=by)
    page = client_of(north_user).get(f"/customers/{moved.pk}/history/").content.decode()
    assert "South" not in page
    assert events(client_of(north_user), moved, "?field=reseller")[0][2] == [
        ("Reseller", f"#{south.pk}", "North")
    ]
