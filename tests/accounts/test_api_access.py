"""Who may call the API, and with what."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import ApiToken, User
from linecard.audit.models import AuditEntry
from linecard.customers.models import Customer
from linecard.kernel.clock import now
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]
ClientOf = Callable[[User], Client]

CARDS = "/api/v1/customers"
NEW_CARD = {"name": "Acme", "currency": "EUR"}


def assert_sign_in_wanted(response: Any) -> None:
    assert response.status_code == HTTPStatus.UNAUTHORIZED
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Linecard"'
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["title"]) == (401, "Sign in first")


def test_a_token_may_do_what_its_user_may(api_of: ApiOf, staff: User) -> None:
    api = api_of(staff)
    assert api.post("customers", NEW_CARD).status_code == HTTPStatus.CREATED
    assert api.get("customers").json()["total"] == 1
    entry = AuditEntry.objects.get(action="customer.created")
    assert (entry.user_id, entry.via, entry.address) == (staff.pk, "api", "127.0.0.1")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer lc_wrong",
        "Bearer \xff\xfe",
        "Basic YWRtaW46YWRtaW4=",
        "lc_wrong",
    ],
)
def test_without_a_valid_token_nothing_is_told(
    make_customer: MakeCustomer, authorization: str | None
) -> None:
    card = make_customer()
    headers = {} if authorization is None else {"Authorization": authorization}
    client = Client(headers=headers)
    for path in (CARDS, f"{CARDS}/{card.pk}", f"{CARDS}/{card.pk}/notes", "/api/v1/pending-changes"):
        assert_sign_in_wanted(client.get(path))
    assert_sign_in_wanted(client.post(CARDS, NEW_CARD, content_type="application/json"))
    assert Customer.objects.count() == 1


def test_a_wrong_token_is_not_helped_by_a_session(client_of: ClientOf, staff: User) -> None:
    assert_sign_in_wanted(client_of(staff).get(CARDS, headers={"Authorization": "Bearer lc_wrong"}))


def test_revoked_and_expired_tokens_and_those_of_inactive_users_are_over(api_of: ApiOf, staff: User) -> None:
    api = api_of(staff)
    token = ApiToken.objects.get()
    assert api.get("customers").status_code == HTTPStatus.OK
    ApiToken.objects.update(expires_at=now() - timedelta(seconds=1))
    assert_sign_in_wanted(api.get("customers"))
    ApiToken.objects.update(expires_at=now() + timedelta(hours=1))
    assert api.get("customers").status_code == HTTPStatus.OK
    User.objects.update(is_active=False)
    assert_sign_in_wanted(api.get("customers"))
    User.objects.update(is_active=True)
    actions.revoke_token(token=token, by=command_actor())
    assert_sign_in_wanted(api.get("customers"))


def test_a_read_only_token_reads_and_asks_but_changes_nothing(
    api_of: ApiOf, staff: User, make_customer: MakeCustomer
) -> None:
    card = make_customer("Acme")
    api = api_of(staff, read_only=True)
    assert api.get(f"customers/{card.pk}").json()["name"] == "Acme"
    assert api.post("customers/query", {}).json()["total"] == 1
    for method, path, body in (
        ("POST", "customers", {"name": "Other", "currency": "EUR"}),
        ("PATCH", f"customers/{card.pk}", {"channels": 1}),
        ("DELETE", f"customers/{card.pk}", None),
        ("POST", f"customers/{card.pk}/notes", {"text": "x"}),
        ("POST", f"customers/{card.pk}/pending-changes", {"delay_seconds": 0, "changes": {"channels": 1}}),
    ):
        response = api.send(method, path, body)
        assert response.status_code == HTTPStatus.FORBIDDEN
        assert response.json()["detail"] == "This token is read-only."
    assert list(Customer.objects.values_list("name", "channels", "version")) == [("Acme", None, 1)]


def test_a_token_for_switches_is_of_no_use_here(api_of: ApiOf, admin: User) -> None:
    api = api_of(admin, kind="switch")
    for response in (api.get("customers"), api.post("customers", NEW_CARD)):
        assert response.status_code == HTTPStatus.FORBIDDEN
        assert (
            response.json()["detail"] == "A token of kind switch cannot be used here; make one of kind api."
        )
    assert not Customer.objects.exists()


def test_our_own_screens_use_their_session_and_csrf_token(staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(CARDS).json() == {"results": [], "total": 0}
    csrf = client.get("/account/").cookies["csrftoken"].value

    refused = client.post(CARDS, NEW_CARD, content_type="application/json")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert refused.json()["detail"] == "The request came without the page's CSRF token."
    assert not Customer.objects.exists()

    made = client.post(CARDS, NEW_CARD, content_type="application/json", headers={"X-CSRFToken": csrf})
    assert made.status_code == HTTPStatus.CREATED
    assert AuditEntry.objects.get(action="customer.created").via == "form"


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_sent_to_the_api_is_told_what_to_send(client_of: ClientOf, staff: User, kind: str) -> None:
    response = client_of(staff).generic("POST", CARDS, b"name=Acme&currency=EUR", kind)
    assert response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    assert "application/json" in response.json()["detail"]
    assert not Customer.objects.exists()


def test_the_document_and_its_page_need_no_sign_in() -> None:
    client = Client()
    assert client.get("/api/openapi.json").json()["info"]["title"] == "Linecard"
    page = client.get("/api/docs")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
