"""Pending changes on the card and in the delay log."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.customers import actions
from linecard.customers.models import Customer, PendingChange
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer

ClientOf = Callable[[User], Client]


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


@pytest.fixture
def acme(make_customer: MakeCustomer) -> Customer:
    """A card with a limit."""
    return make_customer("Acme", debit_limit="50.00")


def plan(customer: Customer, by: UserActor, **values: Any) -> PendingChange:
    run_at = now() + timedelta(hours=1)
    return actions.plan_change(customer_id=customer.pk, values=values, run_at=run_at, by=by)


def held(customer: Customer, by: UserActor) -> PendingChange:
    """A change whose field somebody else changed."""
    change = plan(customer, by, debit_limit="100")
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "75"}, by=by)
    return actions.run_change(change_id=change.pk, by=by)


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def titles(browser: Client, query: str = "") -> list[str]:
    return [row.name for row in browser.get(f"/pending-changes/{query}").context["rows"]]


def test_a_card_shows_what_changes_from_what_to_what(browser: Client, acme: Customer, by: UserActor) -> None:
    plan(acme, by, debit_limit="100", channels=5)
    response = browser.get(f"/customers/{acme.pk}/pending/")
    (row,) = response.context["rows"]
    assert [str(line) for line in row.lines] == [
        "Channels No limit → 5",
        "Debit limit 50.00 EUR → 100.00 EUR",
    ]
    page = response.content.decode()
    assert "Planned by Stella Staff" in page
    assert 'hx-trigger="every 10s"' in page
    assert "Run now" in page


def test_without_a_plan_the_page_teaches_and_does_not_poll(browser: Client, acme: Customer) -> None:
    page = browser.get(f"/customers/{acme.pk}/pending/").content.decode()
    assert "Nothing is planned for this customer." in page
    assert "every 10s" not in page
    assert "Nothing was ever delayed here." in browser.get("/pending-changes/").content.decode()


def test_a_change_is_run_now(browser: Client, acme: Customer, by: UserActor) -> None:
    change = plan(acme, by, debit_limit="100")
    back = f"/customers/{acme.pk}/pending/"
    response = browser.post(f"/pending-changes/{change.pk}/run/", {"next": back}, follow=True)
    assert (response.redirect_chain, told(response)) == ([(back, 302)], ["The change was applied."])
    acme.refresh_from_db()
    assert acme.debit_limit_micros == 100_000_000


def test_a_change_is_cancelled_once(browser: Client, acme: Customer, by: UserActor) -> None:
    change = plan(acme, by, debit_limit="100")
    browser.post(f"/pending-changes/{change.pk}/cancel/")
    change.refresh_from_db()
    assert change.state == "cancelled"
    response = browser.post(f"/pending-changes/{change.pk}/run/", follow=True)
    assert told(response)[-1] == "This change is cancelled already."
    acme.refresh_from_db()
    assert acme.debit_limit_micros == 50_000_000


def test_a_held_change_says_why_and_is_applied_only_when_told_so(
    browser: Client, acme: Customer, by: UserActor
) -> None:
    change = held(acme, by)
    page = browser.get(f"/customers/{acme.pk}/pending/").content.decode()
    assert "Debit limit: Was 50.00 when this was planned, is 75.00 now." in page
    assert "Apply anyway" in page
    response = browser.post(f"/pending-changes/{change.pk}/run/", follow=True)
    assert told(response)[0].startswith("The change is held: Debit limit: Was 50.00")
    acme.refresh_from_db()
    assert acme.debit_limit_micros == 75_000_000
    browser.post(f"/pending-changes/{change.pk}/run/", {"override": "yes"})
    acme.refresh_from_db()
    assert acme.debit_limit_micros == 100_000_000


def test_where_to_go_back_to_is_never_another_site(browser: Client, acme: Customer, by: UserActor) -> None:
    for address in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        change = plan(acme, by, debit_limit="100")
        response = browser.post(f"/pending-changes/{change.pk}/cancel/", {"next": address})
        assert response.headers["Location"] == "/pending-changes/"


def test_the_delay_log_filters_by_state_and_customer(
    browser: Client, acme: Customer, make_customer: MakeCustomer, by: UserActor
) -> None:
    other = make_customer("Other Company")
    plan(other, by, channels=1)
    actions.cancel_change(change_id=plan(other, by, channels=2).pk, by=by)
    held(acme, by)
    actions.plan_new_card(
        values={"name": "Later Ltd", "currency": "USD", "debit_limit": "5"},
        run_at=now() + timedelta(hours=1),
        by=by,
    )
    assert titles(browser) == ["Later Ltd", "Acme", "Other Company", "Other Company"]
    assert titles(browser, "?state=held") == ["Acme"]
    assert titles(browser, "?state=cancelled") == ["Other Company"]
    assert titles(browser, "?state=nonsense") == titles(browser)
    assert titles(browser, "?q=comp") == ["Other Company", "Other Company"]
    assert titles(browser, "?q=later") == ["Later Ltd"]
    assert titles(browser, "?q=nobody") == []
    assert titles(browser, "?q=other&state=waiting") == ["Other Company"]
    row = browser.get("/pending-changes/?q=later").context["rows"][0]
    assert {str(line) for line in row.lines} == {"Currency empty → USD", "Debit limit empty → 5.00 USD"}


def test_it_is_paged(browser: Client, acme: Customer, by: UserActor) -> None:
    for number in range(27):
        plan(acme, by, channels=number)
    assert len(browser.get("/pending-changes/").context["rows"]) == 25
    assert len(browser.get("/pending-changes/?page=2&state=waiting").context["rows"]) == 2
    assert "?page=2" in browser.get("/pending-changes/").content.decode()


def test_a_reseller_sees_its_own_and_learns_no_foreign_names(
    client_of: ClientOf,
    north: Reseller,
    north_user: User,
    staff: User,
    acme: Customer,
    make_customer: MakeCustomer,
) -> None:
    by = acting(staff, via="form")
    theirs = make_customer("Theirs", reseller=north.pk)
    hidden = plan(acme, by, channels=1)
    plan(theirs, by, account_manager=staff.pk)
    browser = client_of(north_user)
    assert titles(browser) == ["Theirs"]
    (row,) = browser.get("/pending-changes/").context["rows"]
    assert [str(line) for line in row.lines] == [f"Account manager empty → #{staff.pk}"]
    assert browser.post(f"/pending-changes/{hidden.pk}/cancel/").status_code == 404


def test_it_is_in_the_navigation(browser: Client) -> None:
    page = browser.get("/pending-changes/").content.decode()
    assert '<a class="menu-item" href="/pending-changes/" aria-current="page">Delay log</a>' in page
