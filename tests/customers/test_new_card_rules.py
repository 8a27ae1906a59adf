"""What new customers begin with, and the currencies offered, follow the settings: form, API and uploads alike."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.models import Customer
from linecard.customers.uploads.checking import CustomerChecker
from linecard.importing.plan import Plan
from linecard.importing.target import TypedRow
from linecard.kernel.errors import Invalid
from linecard.setup.actions import change_settings
from tests.conftest import ApiClient, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def put(admin: User) -> Callable[..., None]:
    def change(**values: Any) -> None:
        change_settings(
            {f"customers.{name}": value for name, value in values.items()}, by=acting(admin, via="form")
        )

    return change


def test_what_is_left_out_begins_as_it_is_set(
    put: Callable[..., None], by: UserActor, make_customer: MakeCustomer
) -> None:
    before = make_customer("Before")
    put(status="pending_approval", channels=30, tax="7.7", country="CH", invoice_schedule="monthly:1")
    after, said = make_customer("After"), make_customer("Said", channels=None, country="DE")
    assert (before.status, before.channels, str(before.tax), before.country) == ("active", None, "0", "")
    assert (after.status, after.channels, str(after.tax), after.country) == (
        "pending_approval",
        30,
        "7.7",
        "CH",
    )
    assert (said.status, said.channels, said.country) == ("pending_approval", None, "DE")


def test_the_form_of_a_new_customer_shows_it(
    put: Callable[..., None], staff: User, client_of: Callable[[User], Client]
) -> None:
    put(channels=30, currency="CHF", currencies=["CHF", "eur".upper()])
    form = client_of(staff).get("/customers/new/").context["form"]
    assert (form["channels"].value(), form["currency"].value()) == ("30", "CHF")
    assert [code for code, _ in form.fields["currency"].widget.choices] == ["", "CHF", "EUR"]


def test_a_currency_that_is_not_offered_is_refused_and_those_there_stay(
    put: Callable[..., None],
    by: UserActor,
    staff: User,
    api_of: Callable[..., ApiClient],
    make_customer: MakeCustomer,
) -> None:
    there = make_customer("There", currency="JPY")
    put(currencies=["USD", "EUR"])
    with pytest.raises(Invalid, match=r"JPY is not offered\. Offered are EUR, USD\."):
        make_customer("Another", currency="JPY")
    answer = api_of(staff).post("customers", {"name": "Over the API", "currency": "GBP"})
    assert [error["field"] for error in answer.json()["errors"]] == ["currency"]
    actions.update_customer(customer_id=there.pk, values={"channels": 3}, by=by)
    assert Customer.objects.get(pk=there.pk).channels == 3


def test_an_unknown_currency_cannot_be_offered(put: Callable[..., None]) -> None:
    with pytest.raises(Invalid, match="XYZ: not currencies"):
        put(currencies=["EUR", "XYZ"])


def test_an_upload_begins_cards_the_same_way(put: Callable[..., None], staff: User) -> None:
    put(channels=30, currencies=["EUR"])
    checker = CustomerChecker(staff, Plan(start_row=2, mapping={1: "name", 2: "currency", 3: "channels"}))
    rows = [
        TypedRow(number, {"name": f"Row {number}", "currency": currency, **more})
        for number, currency, more in ((1, "EUR", {}), (2, "EUR", {"channels": "5"}), (3, "JPY", {}))
    ]
    first, second, third = checker.check(rows)
    assert [one.staged["stored"]["channels"] for one in (first, second)] == [30, 5]
    assert [error.message for error in third.errors] == ["JPY is not offered. Offered are EUR."]
