"""How numbers are written and which time zone holds, as set for the installation."""

from collections.abc import Callable

import pytest
from django.test import Client

from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.setup.actions import change_settings
from tests.conftest import ApiClient, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_for_berlin(admin: User) -> None:
    given = {"regional.time_zone": "Europe/Berlin", "regional.numbers": "point_comma"}
    change_settings(given, by=acting(admin, via="form"))


def page_of(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def test_a_new_user_begins_with_that_zone(admin: User, api_of: Callable[..., ApiClient]) -> None:
    api = api_of(admin)
    made = api.post("users", {"username": "nadia", "password": "correct horse battery"})
    assert made.status_code == 201, made.content
    assert made.json()["time_zone"] == "Europe/Berlin"
    other = api.post("users", {"username": "otto", "password": "correct horse battery", "time_zone": "UTC"})
    assert other.json()["time_zone"] == "UTC"
    assert '<option value="Europe/Berlin" selected>' in page_of(admin, "/users/new/")


def test_pages_show_numbers_that_way(admin: User, make_customer: MakeCustomer) -> None:
    make_customer("Azure Voice", debit_limit="1234.50")
    client = Client()
    client.force_login(admin)
    assert 'data-numbers="de"' in client.get("/customers/").content.decode()
    sent = {"channel": "email", "subject": "x", "text": "Up to {{ customer.debit_limit }}", "html": ""}
    assert "Up to 1.234,50 EUR" in client.post("/templates/preview/", sent).content.decode()


def test_what_is_unknown_is_refused(admin: User, api_of: Callable[..., ApiClient]) -> None:
    api = api_of(admin)
    for change in ({"regional.time_zone": "Mars/Olympus"}, {"regional.numbers": "1.2"}):
        assert api.patch("settings", change).status_code == 422


def test_the_document_says_that_settings_decide() -> None:
    document = Client().get("/api/openapi.json").json()
    members = document["components"]["schemas"]["NewCustomer"]["properties"]
    assert "default" not in members["channels"]
    assert members["channels"]["description"].endswith("As the settings say when left out.")
    assert members["debit_limit"]["default"] == "0"
