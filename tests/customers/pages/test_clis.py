"""The page of approved CLIs."""

from collections.abc import Callable

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.models import ApprovedCli, Customer
from tests.conftest import MakeCustomer

ClientOf = Callable[[User], Client]


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


@pytest.fixture
def acme(make_customer: MakeCustomer) -> Customer:
    """A card in Britain."""
    return make_customer("Acme", country="GB")


@pytest.fixture
def url(acme: Customer) -> str:
    """Its approved CLIs."""
    return f"/customers/{acme.pk}/clis/"


def test_a_cli_is_approved_with_its_reason_changed_and_withdrawn(
    browser: Client, acme: Customer, url: str, staff: User
) -> None:
    response = browser.post(url, {"cli": "020 7946 0000", "reason": "Letter of 3 March"})
    assert response.headers["Location"] == url
    cli = ApprovedCli.objects.get(customer=acme)
    assert (cli.cli, cli.reason, cli.added_by_name) == ("442079460000", "Letter of 3 March", "Stella Staff")
    page = browser.get(url).content.decode()
    assert "+44 20 7946 0000" in page
    assert "Letter of 3 March" in page
    assert browser.get(f"{url}{cli.pk}/").context["form"].initial["cli"] == "442079460000"
    browser.post(f"{url}{cli.pk}/", {"cli": "442079460001", "reason": "Test call"})
    cli.refresh_from_db()
    assert (cli.cli, cli.reason) == ("442079460001", "Test call")
    assert browser.post(f"{url}{cli.pk}/", {"cli": "1", "reason": "Test call"}).status_code == 422
    browser.post(f"{url}{cli.pk}/delete/")
    assert not ApprovedCli.objects.exists()


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"cli": "", "reason": "Seen."}, "cli", "This is required."),
        ({"cli": "442079460000", "reason": " "}, "reason", "This is required."),
        ({"cli": "12", "reason": "Seen."}, "cli", "'+12' is not a phone number, such as +44 20 7946 0000."),
        ({"cli": "+44 20 7946 0009", "reason": "Seen."}, "cli", "+442079460009 is approved already."),
    ],
)
def test_a_refused_cli_stays_in_the_form(
    browser: Client, acme: Customer, url: str, by: UserActor, values: dict[str, str], field: str, message: str
) -> None:
    actions.add_cli(customer_id=acme.pk, values={"cli": "442079460009", "reason": "Seen."}, by=by)
    response = browser.post(url, values)
    assert response.status_code == 422
    form = response.context["form"]
    assert {name: list(errors) for name, errors in form.errors.items()} == {field: [message]}
    assert form["reason"].value() == values["reason"]
    assert ApprovedCli.objects.count() == 1


def test_many_are_paged_and_searched_by_digits(
    browser: Client, acme: Customer, url: str, by: UserActor
) -> None:
    for number in range(60):
        actions.add_cli(
            customer_id=acme.pk, values={"cli": f"4420794600{number:02}", "reason": "Seen."}, by=by
        )
    assert len(browser.get(url).context["rows"]) == 50
    assert len(browser.get(f"{url}?page=2").context["rows"]) == 10
    found = browser.get(f"{url}?q=7946 0031").context["rows"]
    assert [shown for _, shown in found] == ["+44 20 7946 0031"]
    assert browser.get(f"{url}?q=99999").context["rows"] == []


def test_an_archived_card_approves_nothing(browser: Client, acme: Customer, url: str, by: UserActor) -> None:
    actions.archive_customer(customer_id=acme.pk, by=by)
    assert "Approve a CLI" not in browser.get(url).content.decode()
    response = browser.post(url, {"cli": "442079460000", "reason": "Seen."}, follow=True)
    assert "Restore it before changing it" in response.content.decode()
    assert not ApprovedCli.objects.exists()
