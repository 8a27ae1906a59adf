"""Who reaches which address: walked from the addresses themselves, so that none can be forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.models import Customer, PendingChange
from linecard.customers.urls import urlpatterns
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer

ClientOf = Callable[[User], Client]

# Addresses that name no card: they show each user their own cards, which other tests prove.
WITHOUT_CARD = {
    "list",
    "bulk-form",
    "bulk-preview",
    "bulk-edit",
    "bulk-works",
    "bulk-works-query",
    "bulk-work",
    "bulk-results-query",
    "bulk-undo",
    "new",
    "new-preview",
    "delay-log",
    "changes-query",
    "changes-cancel",
    "changes-run",
    "hand-over",
}

# Every other address, by its name, with the methods that it answers.
METHODS = {
    "card": {"GET"},
    "edit": {"GET", "POST"},
    "edit-preview": {"POST"},
    "edit-news": {"GET"},
    "archive": {"POST"},
    "restore": {"POST"},
    "contact-new": {"GET", "POST"},
    "contact": {"GET", "POST"},
    "contact-verify": {"POST"},
    "contact-delete": {"POST"},
    "note-new": {"GET", "POST"},
    "note": {"GET", "POST"},
    "note-delete": {"POST"},
    "clis": {"GET", "POST"},
    "cli": {"GET", "POST"},
    "cli-delete": {"POST"},
    "pending": {"GET"},
    "history": {"GET"},
    "change": {"GET"},
    "change-cancel": {"POST"},
    "change-run": {"POST"},
}

# The most statements that a page may send; the first two read the session and its user, and
# one how numbers are shown.
BUDGETS = {
    "card": 8,  # the card; contacts; notes; counts; what is planned
    "edit": 8,  # the card; resellers; users; tags; counts
    "edit-news": 3,
    "contact-new": 8,
    "contact": 10,
    "note-new": 8,
    "note": 10,
    "clis": 7,  # the card; how many; the page; counts
    "cli": 8,
    "pending": 7,  # the card; how many; the page; counts
    "history": 7,  # the card; how many; the page; counts
    "change": 6,  # the change; names behind ids
}


@dataclass(frozen=True)
class Scene:
    """A card of North with one of everything on it, and the ids that its addresses need."""

    customer: Customer
    ids: dict[str, int]

    def url(self, name: str) -> str:
        """The address of that name on this card."""
        pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
        wanted = pattern.pattern.converters
        return reverse(f"customers:{name}", kwargs={key: self.ids[key] for key in wanted})


@pytest.fixture
def scene(make_customer: MakeCustomer, north_user: User) -> Scene:
    """See ``Scene``."""
    by = acting(north_user, via="form")
    customer = make_customer("Acme", reseller=north_user.reseller_id, account_manager=north_user.pk)
    contact = actions.add_contact(
        customer_id=customer.pk, values={"name": "Anna", "email": "a@b.example"}, by=by
    )
    note = actions.add_note(customer_id=customer.pk, values={"text": "Hello."}, by=by)
    cli = actions.add_cli(customer_id=customer.pk, values={"cli": "442079460000", "reason": "Seen."}, by=by)
    change = actions.plan_change(customer_id=customer.pk, values={"cps": 5}, run_at=_later(), by=by)
    ids = {"customer_id": customer.pk, "contact_id": contact.pk, "note_id": note.pk}
    return Scene(customer, {**ids, "cli_id": cli.pk, "change_id": change.pk})


def _later() -> datetime:
    return now() + timedelta(hours=1)


def state() -> list[Any]:
    """Everything that a request could have changed."""
    tables = (
        "customer",
        "customer_contact",
        "customer_note",
        "customer_cli",
        "pending_change",
        "audit_entry",
    )
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - the names are above
            found.append(cursor.fetchall())
    return found


def answers(client: Client, url: str, methods: set[str]) -> Iterator[tuple[str, Any]]:
    for method in sorted(methods):
        yield method, client.get(url) if method == "GET" else client.post(url, {"way": "email"})
        yield f"{method} partial", client.generic(method, url, headers={"HX-Request": "true"})


def test_the_table_names_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == {*METHODS, *WITHOUT_CARD}


@pytest.mark.parametrize("name", METHODS)
def test_another_resellers_card_is_not_there(
    client_of: ClientOf, south_user: User, scene: Scene, name: str
) -> None:
    before = state()
    for method, response in answers(client_of(south_user), scene.url(name), METHODS[name]):
        assert response.status_code == 404, method
        assert "Acme" not in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("name", [name for name, methods in METHODS.items() if "GET" in methods])
def test_its_own_members_and_staff_read_it_and_reading_changes_nothing(
    client_of: ClientOf, north_user: User, staff: User, scene: Scene, name: str
) -> None:
    before = state()
    for user in (north_user, staff):
        assert client_of(user).get(scene.url(name)).status_code == 200
    assert state() == before


@pytest.mark.parametrize("name", METHODS)
def test_no_other_method_is_answered(client_of: ClientOf, staff: User, scene: Scene, name: str) -> None:
    before = state()
    client = client_of(staff)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - METHODS[name]:
        assert client.generic(method, scene.url(name)).status_code == 405, method
    assert state() == before


@pytest.mark.parametrize("name", METHODS)
def test_nobody_gets_in_without_signing_in(client: Client, scene: Scene, name: str) -> None:
    before = state()
    for method in METHODS[name]:
        response = client.generic(method, scene.url(name))
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/?next=")
    assert state() == before


@pytest.mark.parametrize("name", [name for name, methods in METHODS.items() if "POST" in methods])
def test_a_form_without_its_token_changes_nothing(
    client_of: ClientOf, staff: User, scene: Scene, name: str
) -> None:
    client = client_of(staff)
    client.handler.enforce_csrf_checks = True
    before = state()
    assert client.post(scene.url(name), {"way": "email"}).status_code == 403
    assert state() == before


@pytest.mark.parametrize("name", [name for name in METHODS if name not in ("card", "edit-news")])
def test_parts_of_one_card_are_not_reached_through_another(
    client_of: ClientOf, staff: User, scene: Scene, make_customer: MakeCustomer, name: str
) -> None:
    other = make_customer("Other")
    keys = set(next(pattern for pattern in urlpatterns if pattern.name == name).pattern.converters)
    if not keys & {"contact_id", "note_id", "cli_id"}:
        return
    mixed = Scene(other, {**scene.ids, "customer_id": other.pk})
    before = state()
    for method, response in answers(client_of(staff), mixed.url(name), METHODS[name]):
        assert response.status_code == 404, method
    assert state() == before


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_numbers_that_no_row_has_are_not_there(
    client_of: ClientOf, staff: User, scene: Scene, name: str, number: int
) -> None:
    nothing = Scene(scene.customer, dict.fromkeys(scene.ids, number))
    for method, response in answers(client_of(staff), nothing.url(name), METHODS[name]):
        assert response.status_code == 404, method


def test_a_page_keeps_to_its_budget_however_much_is_on_the_card(
    client_of: ClientOf, north_user: User, scene: Scene
) -> None:
    by = acting(north_user, via="form")
    for number in range(30):
        pk = scene.customer.pk
        actions.add_contact(customer_id=pk, values={"name": f"Person {number}"}, by=by)
        actions.add_cli(customer_id=pk, values={"cli": f"44207946{number + 1:04}", "reason": "Seen."}, by=by)
        actions.plan_change(customer_id=pk, values={"cps": number}, run_at=_later(), by=by)
    client = client_of(north_user)
    client.get("/account/")  # notes the session, which is not the pages' own
    over = {}
    for name, budget in BUDGETS.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{scene.url(name)}?version=1").status_code in (200, 204), name
        if len(queries) > budget:
            over[name] = [query["sql"][:200] for query in queries]
    assert over == {}


def test_the_budgets_cover_every_page() -> None:
    assert set(BUDGETS) == {name for name, methods in METHODS.items() if "GET" in methods}


def test_the_delay_log_keeps_to_its_budget(client_of: ClientOf, staff: User, scene: Scene) -> None:
    by = acting(staff, via="form")
    for number in range(30):
        values = {"account_manager": staff.pk, "cps": number}
        actions.plan_change(customer_id=scene.customer.pk, values=values, run_at=_later(), by=by)
    client = client_of(staff)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/pending-changes/").status_code == 200
    # how numbers are shown; the saved views; how many; the page; the changes; names behind ids
    assert len(queries) <= 8, [query["sql"][:200] for query in queries]


EVIL = "\"><script>alert(1)</script>'&amp;{{ 7 }}"


@pytest.mark.parametrize("name", [name for name, methods in METHODS.items() if "GET" in methods])
def test_what_people_typed_is_shown_and_never_runs(
    client_of: ClientOf, staff: User, make_customer: MakeCustomer, name: str
) -> None:
    by = acting(staff, via="form")
    quoted = EVIL.replace("<", "≺")  # names hold no markup, yet quotes and ampersands
    address = {"street": EVIL, "city": EVIL, "region": EVIL, "external_accounting_id": EVIL}
    customer = make_customer(quoted, **address, tags=[EVIL.replace(",", "")], vars=f"a = '''{EVIL[:-1]}'''")
    pk = customer.pk
    contact = actions.add_contact(customer_id=pk, values={"name": quoted}, by=by)
    note = actions.add_note(customer_id=pk, values={"text": EVIL}, by=by)
    cli = actions.add_cli(customer_id=pk, values={"cli": "442079460000", "reason": EVIL}, by=by)
    actions.update_customer(customer_id=pk, values={"city": f"{EVIL}2", "vars": f"# {EVIL}\n"}, by=by)
    change = actions.plan_change(customer_id=pk, values={"region": f"{EVIL}3"}, run_at=_later(), by=by)
    actions.update_customer(customer_id=pk, values={"region": f"{EVIL}4"}, by=by)
    actions.run_change(change_id=change.pk, by=by)
    ids = {"customer_id": pk, "contact_id": contact.pk, "note_id": note.pk, "cli_id": cli.pk}
    scene = Scene(customer, {**ids, "change_id": change.pk})
    assert PendingChange.objects.get().state == "held"
    assert AuditEntry.objects.filter(subject_id=pk, subject_type="customer").count() == 8
    page = (
        client_of(staff)
        .get(f"{scene.url(name)}?version=1&field=&q=%22%3E%3Cscript%3Ealert(1)")
        .content.decode()
    )
    assert "<script>alert" not in page
    assert '""><' not in page
    assert "alert(1)" in page
