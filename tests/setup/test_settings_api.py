"""The settings over the API and on their page, and trying them against a real mail server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.setup.queries import current_settings
from tests.conftest import ApiClient
from tests.peers.smtp import HOST, PASSWORD, USER, certificate, smtp_server

pytestmark = pytest.mark.django_db

MAIL = {"email.host": HOST, "email.security": "none", "email.from_address": "noc@carrier.example"}


@pytest.fixture
def api(admin: User, api_of: Callable[..., ApiClient]) -> ApiClient:
    return api_of(admin)


def test_secrets_are_written_and_never_read(api: ApiClient) -> None:
    changed = api.patch("settings", {"email.password": "s3cret", "email.port": 25, "company.country": "DE"})
    assert changed.status_code == 200, changed.content
    told = api.get("settings").json()
    assert told == changed.json()
    assert (told["email.port"], told["company.country"], told["email.security"]) == (25, "DE", "starttls")
    assert (told["email.password_set"], told["sms.auth_token_set"]) == (True, False)
    assert "email.password" not in told
    assert b"s3cret" not in changed.content
    assert api.patch("settings", {"email.password": ""}).json()["email.password_set"] is False


def test_an_older_state_is_not_overwritten(api: ApiClient) -> None:
    first = api.get("settings")
    assert (
        api.patch("settings", {"company.city": "Ulm"}, headers={"If-Match": first["ETag"]}).status_code == 200
    )
    late = api.patch("settings", {"company.city": "Bonn"}, headers={"If-Match": first["ETag"]})
    assert late.status_code == 412
    assert current_settings()["company.city"] == "Ulm"


def test_every_wrong_value_is_named(api: ApiClient) -> None:
    answer = api.patch(
        "settings",
        {"email.port": 70_000, "email.from_address": "nobody", "email.trusted_certificates": "-----BEGIN"},
    )
    assert answer.status_code == 422
    assert sorted(error["field"] for error in answer.json()["errors"]) == [
        "email.from_address",
        "email.port",
        "email.trusted_certificates",
    ]
    assert api.patch("settings", {"email.hots": "x"}).status_code == 422


def test_a_test_email_arrives(api: ApiClient) -> None:
    with smtp_server() as peer:
        api.patch("settings", {**MAIL, "email.port": peer.port, "email.reply_to": "help@carrier.example"})
        tried = api.post("settings/test-email", {"to": "ann@customer.example"})
    assert tried.json() == {"accepted": True, "words": "taken as A1"}
    (received,) = peer.received
    assert received.recipients == ["ann@customer.example"]
    assert str(received.message["Reply-To"]) == "help@carrier.example"
    assert AuditEntry.objects.filter(action="settings.email_tested").count() == 1


def test_what_the_server_says_is_told(api: ApiClient, tmp_path: Path) -> None:
    with smtp_server(tls="starttls", asks_password=True, folder=tmp_path) as peer:
        access = {
            **MAIL,
            "email.port": peer.port,
            "email.security": "starttls",
            "email.trusted_certificates": certificate(tmp_path).read_text(),
            "email.username": USER,
            "email.password": "a wrong one",
        }
        assert api.patch("settings", access).status_code == 200
        refused = api.post("settings/test-email", {"to": "ann@customer.example"}).json()
        api.patch("settings", {"email.password": PASSWORD})
        taken = api.post("settings/test-email", {"to": "ann@customer.example"}).json()
    assert refused["accepted"] is False
    assert "does not take the user and password: 535" in refused["words"]
    assert "a wrong one" not in refused["words"]
    assert taken["accepted"] is True
    gone = api.post("settings/test-email", {"to": "ann@customer.example"}).json()
    assert gone["accepted"] is False
    assert "cannot be reached: Connection refused" in gone["words"]


def test_nothing_set_and_no_address_are_told(api: ApiClient) -> None:
    told = api.post("settings/test-email", {"to": "ann@customer.example"}).json()
    assert told["words"] == "No mail server is set. An administrator sets one in Setup › Settings."
    assert api.post("settings/test-email", {"to": "ann\r\nBcc: all@x.example"}).status_code == 422


def test_the_page_keeps_a_secret_that_is_not_typed(admin: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(admin)

    def save(**typed: Any) -> Any:
        page = client.get("/settings/")
        assert b"s3cret" not in page.content
        form = page.context["form"]
        sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        return client.post("/settings/", {**sent, "version": page.context["version"], **typed})

    assert save(**{"email.password": "s3cret", "company.name": "Carrier <b>"}).status_code == 302
    assert save(**{"company.city": "Ulm"}).status_code == 302
    now = current_settings()
    assert (now["company.name"], now["company.city"], now.secret("email.password")) == (
        "Carrier <b>",
        "Ulm",
        "s3cret",
    )
    assert save(**{"remove:email.password": "on"}).status_code == 302
    assert not current_settings().is_set("email.password")
    wrong = save(**{"email.port": "many"})
    assert wrong.status_code == 422
    assert "Write a whole number" in wrong.content.decode()
    stale = save(version="1")
    assert stale.status_code == 422
    assert "somebody else changed the settings" in stale.content.decode()
