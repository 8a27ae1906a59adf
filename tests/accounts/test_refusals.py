"""What a user meets who may not do something: nothing that offers it, and the reason where they ask all the same."""

from collections.abc import Callable

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from tests.conftest import PASSWORD, MakeCustomer

ClientOf = Callable[[User], Client]


@pytest.fixture
def reader(db: None) -> User:
    """Somebody who may only look."""
    groups = [actions.ready_made_group("read_only")]
    return actions.create_user(username="rita", password=PASSWORD, groups=groups, by=command_actor())


@pytest.fixture
def nobody(db: None) -> User:
    """Somebody who is in no group."""
    return actions.create_user(username="nina", password=PASSWORD, groups=[], by=command_actor())


def test_a_refused_page_tells_the_reason(
    client_of: ClientOf, reader: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Acme")
    answer = client_of(reader).post(f"/customers/{customer.pk}/archive/", {"version": customer.version})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "None of your groups lets you delete customers. An administrator can change that." in page
    customer.refresh_from_db()
    assert not customer.is_archived


def test_a_refused_part_of_a_page_is_a_sentence(client_of: ClientOf, nobody: User) -> None:
    answer = client_of(nobody).get("/customers/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert (
        answer.content.decode()
        == "None of your groups lets you see customers. An administrator can change that."
    )


def test_a_refused_script_gets_a_problem(client_of: ClientOf, nobody: User) -> None:
    answer = client_of(nobody).get("/customers/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["detail"].startswith("None of your groups lets you see customers.")


def test_the_start_is_a_page_that_the_user_may_see(
    client_of: ClientOf, staff: User, admin: User, nobody: User
) -> None:
    assert client_of(staff).get("/")["Location"] == "/customers/"
    assert client_of(admin).get("/")["Location"] == "/customers/"
    assert client_of(nobody).get("/")["Location"] == "/account/"


def test_the_navigation_names_only_what_may_be_seen(client_of: ClientOf, nobody: User, reader: User) -> None:
    bare = client_of(nobody).get("/account/").content.decode()
    assert [name for name in ("Customers", "Delay log", "Uploads") if f">{name}</a>" in bare] == []
    reading = client_of(reader).get("/account/").content.decode()
    assert [name for name in ("Customers", "Delay log", "Uploads") if f">{name}</a>" not in reading] == []


def test_the_page_that_takes_a_file_tells_a_person_why(client_of: ClientOf, reader: User) -> None:
    """A script that announces a file is answered with a problem, who opens the page with a page."""
    browser, reason = client_of(reader), "None of your groups lets you add uploads."
    page = browser.get("/uploads/new/?target=customers")
    problem = browser.post("/uploads/new/", {"target": "customers"}, content_type="application/json")
    assert [page.status_code, page["Content-Type"]] == [403, "text/html; charset=utf-8"]
    assert reason in page.content.decode()
    assert [problem.status_code, problem["Content-Type"]] == [403, "application/problem+json"]
    assert problem.json()["detail"].startswith(reason)
