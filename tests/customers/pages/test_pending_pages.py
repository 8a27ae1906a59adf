"""Pending changes on the card and in the delay log."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.customers import actions
from linecard.customers.delay_log import COLUMNS
from linecard.customers.models import Customer, PendingChange
from linecard.customers.views import selected
from linecard.kernel.clock import now, write_moment
from tests.conftest import PASSWORD, MakeCustomer

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


def listed(browser: Client, query: str = "") -> list[dict[str, Any]]:
    """The first rows of the delay log."""
    rows: list[dict[str, Any]]
    rows = browser.get(f"/pending-changes/{query}").context["grid_declaration"]["first"]["rows"]
    return rows


def titles(browser: Client, query: str = "") -> list[str]:
    return [row["customer"]["name"] for row in listed(browser, query)]


def send(browser: Client, address: str, selection: dict[str, Any]) -> Any:
    return browser.post(address, selection, content_type="application/json")


def states() -> list[str]:
    return list(PendingChange.objects.order_by("pk").values_list("state", flat=True))


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
    assert "Nothing was ever delayed here" in browser.get("/pending-changes/").content.decode()


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
    assert titles(browser, "?status=held") == ["Acme"]
    assert titles(browser, "?status=cancelled") == ["Other Company"]
    assert titles(browser, "?status=nonsense") == titles(browser)
    assert titles(browser, "?search=comp") == ["Other Company", "Other Company"]
    assert titles(browser, "?search=later") == ["Later Ltd"]
    assert titles(browser, "?search=nobody") == []
    assert titles(browser, "?search=other&status=waiting") == ["Other Company"]
    assert titles(browser, "?sort=customer") == ["Acme", "Later Ltd", "Other Company", "Other Company"]
    (row,) = listed(browser, "?search=later")
    assert row["customer"] == {"id": None, "name": "Later Ltd"}
    assert row["changes"] == "New customer; Currency USD; Debit limit 5.00 USD"


def test_a_row_tells_what_why_when_and_who(browser: Client, acme: Customer, by: UserActor) -> None:
    change = held(acme, by)
    (row,) = listed(browser)
    assert row == {
        "id": change.pk,
        "run_at": write_moment(change.run_at),
        "state": "held",
        "customer": {"id": acme.pk, "name": "Acme"},
        "changes": "Debit limit 50.00 EUR → 100.00 EUR",
        "reason": "Debit limit: Was 50.00 when this was planned, is 75.00 now.",
        "finished_at": None,
        "made_by": {"id": by.user.pk, "name": "Stella Staff"},
        "made_at": write_moment(change.made_at),
    }
    plan(acme, by, cps=1)
    assert [row["reason"] for row in listed(browser, "?status=waiting")] == [""]


@pytest.mark.parametrize("name", [column.name for column in COLUMNS])
def test_every_column_of_the_delay_log_can_be_sorted_and_filtered(
    browser: Client, acme: Customer, by: UserActor, name: str
) -> None:
    held(acme, by)
    query = {"sort": [{"column": name}], "filter": {name: {"op": "empty"}}, "limit": 10}
    answer = send(browser, "/pending-changes/query/", query)
    without_value = name in ("revert_at", "finished_at", "finished_by")
    assert (answer.status_code, answer.json()["total"]) == (200, int(without_value))
    grouped = send(browser, "/pending-changes/query/", {"group_by": [name]})
    assert grouped.status_code == (422 if name.endswith("_at") or name in ("changes", "reason") else 200)


def test_a_change_has_a_page_of_its_own(browser: Client, acme: Customer, by: UserActor) -> None:
    change = plan(acme, by, debit_limit="100")
    address = f"/pending-changes/{change.pk}/"
    page = browser.get(address).content.decode()
    for shown in ("Debit limit", "50.00 EUR", "100.00 EUR", "Planned by Stella Staff", "Run now"):
        assert shown in page
    assert f'href="/customers/{acme.pk}/"' in page
    response = browser.post(f"{address}cancel/", {"next": address}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "Run now" not in response.content.decode()
    for number in (0, 2**63, 10**30):
        assert browser.get(f"/pending-changes/{number}/").status_code == 404


def test_ticked_changes_are_cancelled_unless_they_have_happened(
    browser: Client, acme: Customer, by: UserActor
) -> None:
    waiting, stuck = plan(acme, by, cps=1), held(acme, by)
    applied = actions.run_change(change_id=plan(acme, by, city="Bath").pk, by=by)
    kept = plan(acme, by, channels=1)
    answer = send(browser, "/pending-changes/cancel/", {"ids": [waiting.pk, stuck.pk, applied.pk]})
    assert answer.json() == {"changed": [waiting.pk, stuck.pk], "remaining": 0}
    assert states() == ["cancelled", "cancelled", "applied", "waiting"]
    everything = {"all": True, "filter": {}, "search": "acme", "except": [kept.pk]}
    assert send(browser, "/pending-changes/cancel/", everything).json() == {"changed": [], "remaining": 0}


def test_ticked_changes_that_wait_are_run_a_part_at_a_time(
    browser: Client, acme: Customer, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selected, "MAX_PER_REQUEST", 2)
    held(acme, by)
    ids = [plan(acme, by, cps=1).pk, plan(acme, by, cps=2).pk, plan(acme, by, city="Bath").pk]
    everything = {"all": True, "filter": {}, "search": ""}
    assert send(browser, "/pending-changes/run/", everything).json() == {"changed": ids[:2], "remaining": 1}
    assert send(browser, "/pending-changes/run/", everything).json() == {"changed": ids[2:], "remaining": 0}
    # the second finds what the first has put there; what was held still is
    assert states() == ["held", "applied", "held", "applied"]
    acme.refresh_from_db()
    assert (acme.cps, acme.city, acme.debit_limit_micros) == (1, "Bath", 75_000_000)
    assert send(browser, "/pending-changes/run/", {"all": True, "ids": ids}).status_code == 422


def test_who_may_only_look_is_offered_no_verb(client_of: ClientOf, acme: Customer, by: UserActor) -> None:
    change = plan(acme, by, cps=1)
    groups = [accounts.ready_made_group("read_only")]
    reader = accounts.create_user(username="rita", password=PASSWORD, groups=groups, by=command_actor())
    browser = client_of(reader)
    response = browser.get("/pending-changes/")
    assert response.context["grid_declaration"]["selects"] is False
    assert b'data-grid-action="cancel"' not in response.content
    assert b"Run now" not in browser.get(f"/pending-changes/{change.pk}/").content
    for verb in ("cancel", "run"):
        assert send(browser, f"/pending-changes/{verb}/", {"ids": [change.pk]}).status_code == 403
    assert states() == ["waiting"]


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
    (row,) = listed(browser)
    assert (row["customer"]["name"], row["changes"]) == ("Theirs", f"Account manager empty → #{staff.pk}")
    answer = send(browser, "/pending-changes/query/", {"limit": 10}).json()
    assert (answer["total"], answer["rows"][0]["customer"]["name"]) == (1, "Theirs")
    assert browser.get(f"/pending-changes/{hidden.pk}/").status_code == 404
    assert browser.post(f"/pending-changes/{hidden.pk}/cancel/").status_code == 404
    for verb in ("cancel", "run"):
        answer = send(browser, f"/pending-changes/{verb}/", {"ids": [hidden.pk]})
        assert answer.json() == {"changed": [], "remaining": 0}
    assert states() == ["waiting", "waiting"]


def test_it_is_in_the_navigation(browser: Client) -> None:
    page = browser.get("/pending-changes/").content.decode()
    assert '<a class="menu-item" href="/pending-changes/" aria-current="page">Delay log</a>' in page
