"""Two people edit one card: the second sees what changed and by whom, and loses nothing typed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.audit.trail import entries_since
from linecard.customers import actions
from linecard.customers.editing import clashes, edited, read_card
from linecard.customers.fields import card_context, card_values
from linecard.customers.models import Customer, Note, PendingChange
from tests.conftest import MakeCustomer
from tests.customers.pages.forms import Sent, form_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def acme(make_customer: MakeCustomer) -> Customer:
    """The card that both edit."""
    return make_customer("Acme", debit_limit="0.00", channels=30, tags=["uk"])


@pytest.fixture
def url(acme: Customer) -> str:
    """Its form."""
    return f"/customers/{acme.pk}/edit/"


def test_the_second_sees_what_changed_and_keeps_what_they_typed(
    client_of: ClientOf, staff: User, admin: User, acme: Customer, url: str
) -> None:
    ada, stella = client_of(admin), client_of(staff)
    mine, theirs = form_of(ada.get(url)), form_of(stella.get(url))
    stella.post(url, {**theirs, "debit_limit": "50", "cps": "9", "save": "stay"})
    response = ada.post(
        url, {**mine, "debit_limit": "100", "city": "Paris", "note_text": "Mine.", "save": "continue"}
    )
    assert response.status_code == 412
    shown = form_of(response)
    assert (shown["debit_limit"], shown["city"], shown["note_text"]) == ("100", "Paris", "Mine.")
    assert (shown["cps"], shown["channels"], shown["version"]) == ("9", "30", "2")
    clash = response.context["clashes"]
    assert list(clash) == ["debit_limit"]
    assert (clash["debit_limit"]["who"], clash["debit_limit"]["theirs"]) == ("Stella Staff", "50.00 EUR")
    assert clash["debit_limit"]["mine"] == "100 EUR"
    assert json.loads(clash["debit_limit"]["take_json"]) == {"debit_limit": ["50.00"]}
    assert [(row.who, row.field) for row in response.context["news"]] == [
        ("Stella Staff", "cps"),
        ("Stella Staff", "debit_limit"),
    ]
    acme.refresh_from_db()
    assert (acme.version, acme.debit_limit_micros, acme.city) == (2, 50_000_000, "")
    assert not Note.objects.exists()

    assert ada.post(url, {**shown, "save": "continue"}).status_code == 302
    acme.refresh_from_db()
    assert (acme.debit_limit_micros, acme.city, acme.cps) == (100_000_000, "Paris", 9)
    assert Note.objects.get().text == "Mine."


def test_changes_of_other_fields_do_not_clash_but_are_told(
    client_of: ClientOf, staff: User, admin: User, acme: Customer, url: str
) -> None:
    mine = form_of(client_of(admin).get(url))
    actions.update_customer(customer_id=acme.pk, values={"channels": 5}, by=acting(staff, via="api"))
    response = client_of(admin).post(url, {**mine, "city": "Paris", "save": "continue"})
    assert response.status_code == 412
    assert response.context["clashes"] == {}
    assert form_of(response)["channels"] == "5"


def test_the_same_change_by_both_is_no_clash(
    client_of: ClientOf, staff: User, admin: User, acme: Customer, url: str
) -> None:
    mine = form_of(client_of(admin).get(url))
    actions.update_customer(customer_id=acme.pk, values={"debit_limit": "50"}, by=acting(staff, via="api"))
    response = client_of(admin).post(url, {**mine, "debit_limit": "50.0", "save": "continue"})
    assert response.context["clashes"] == {}


@pytest.mark.parametrize("way", ["delay", "temporary"])
def test_a_plan_made_on_an_old_form_is_asked_again(
    client_of: ClientOf, staff: User, admin: User, acme: Customer, url: str, way: str
) -> None:
    mine = form_of(client_of(admin).get(url))
    actions.update_customer(customer_id=acme.pk, values={"channels": 5}, by=acting(staff, via="api"))
    response = client_of(admin).post(url, {**mine, "cps": "7", "save": way, f"{way}-after": "1h"})
    assert response.status_code == 412
    assert not PendingChange.objects.exists()


@pytest.mark.parametrize("version", ["", "0", "99", "x", "9" * 30])
def test_a_form_without_a_version_that_was_overwrites_nothing(
    client_of: ClientOf, admin: User, acme: Customer, url: str, version: str
) -> None:
    browser = client_of(admin)
    sent: Sent = {**form_of(browser.get(url)), "cps": "7", "version": version}
    response = browser.post(url, {**sent, "save": "continue"})
    assert response.status_code == 412
    assert form_of(response)["cps"] == "7"
    acme.refresh_from_db()
    assert acme.version == 1


def test_text_that_cannot_be_read_stays_as_typed(
    client_of: ClientOf, staff: User, admin: User, acme: Customer, url: str
) -> None:
    mine = form_of(client_of(admin).get(url))
    actions.update_customer(
        customer_id=acme.pk, values={"channels": 5, "tax": "5"}, by=acting(staff, via="api")
    )
    response = client_of(admin).post(url, {**mine, "channels": "many", "tax": "?", "save": "continue"})
    assert response.status_code == 412
    shown = form_of(response)
    assert (shown["channels"], shown["tax"]) == ("many", "?")
    assert response.context["clashes"]["channels"]["mine"] == "many"
    assert client_of(admin).post(url, {**shown, "save": "continue"}).status_code == 422


def test_news_come_only_when_there_are_some(
    client_of: ClientOf, staff: User, admin: User, acme: Customer, url: str
) -> None:
    browser = client_of(admin)
    assert browser.get(f"{url}news/", {"version": "1"}).status_code == 204
    actions.update_customer(customer_id=acme.pk, values={"channels": 5}, by=acting(staff, via="api"))
    page: Any = browser.get(f"{url}news/", {"version": "1"}).content.decode()
    assert "Stella Staff" in page
    assert "Channels" in page
    assert browser.get(f"{url}news/", {"version": "2"}).status_code == 204


def test_the_values_of_an_old_version_follow_from_the_trail(acme: Customer, staff: User) -> None:
    by = acting(staff, via="form")
    first = card_values(acme)
    for values in ({"channels": 1}, {"channels": 2, "tags": ["de"]}, {"portal_access": {"cdr": False}}):
        acme = actions.update_customer(customer_id=acme.pk, values=values, by=by)
    assert read_card(acme, 1).base == first
    assert read_card(acme, 2).base == {**first, "channels": 1}
    assert read_card(acme, 4).base == card_values(acme)
    assert not read_card(acme, 4).is_stale
    assert len(read_card(acme, 2).missed) == len(entries_since("customer", acme.pk, 2)) == 2


def test_only_values_that_mean_something_else_are_edited(acme: Customer) -> None:
    base, context = card_values(acme), card_context(acme)
    same = {"debit_limit": "0", "tags": ["uk", "UK"], "portal_access": {"cdr": True}, "name": " Acme "}
    assert edited(same, base, context) == {}
    different = {"debit_limit": "0.01", "channels": None, "tax": "wrong", "portal_access": {"cdr": False}}
    assert edited(different, base, context) == different


def test_a_clash_names_the_last_who_changed_the_field(acme: Customer, staff: User, admin: User) -> None:
    for user, channels in ((staff, 1), (admin, 2)):
        acme = actions.update_customer(
            customer_id=acme.pk, values={"channels": channels}, by=acting(user, via="form")
        )
    found = clashes(read_card(acme, 1), {"channels": 3, "cps": 1})
    assert [(clash.field, clash.theirs, clash.who) for clash in found] == [("channels", 2, "Ada")]
