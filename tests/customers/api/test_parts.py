"""Contacts, notes and approved caller ids over HTTP."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest

from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.models import Customer
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]


@pytest.fixture
def api(api_of: ApiOf, staff: User) -> ApiClient:
    return api_of(staff)


@pytest.fixture
def card(make_customer: MakeCustomer) -> Customer:
    return make_customer("Acme", country="GB")


PARTS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    # what is sent, what is told of it, a change
    "contacts": (
        {"name": "Anna", "type": "billing", "email": "anna@example.com", "phone": "020 7946 0000"},
        {
            "name": "Anna",
            "type": "billing",
            "email": "anna@example.com",
            "phone": "+442079460000",
            "mobile": "",
            "email_verified": False,
            "mobile_verified": False,
        },
        {"email_verified": True},
    ),
    "notes": (
        {"text": "Calls on Mondays\nonly"},
        {"text": "Calls on Mondays\nonly", "in_portal": False, "author": "Stella Staff"},
        {"in_portal": True},
    ),
    "clis": (
        {"cli": "+44 20 7946 0000", "reason": "Contract"},
        {"cli": "442079460000", "reason": "Contract", "added_by": "Stella Staff"},
        {"reason": "Contract of May"},
    ),
}


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_is_made_read_changed_and_deleted(api: ApiClient, card: Customer, kind: str) -> None:
    sent, told, change = PARTS[kind]
    made = api.post(f"customers/{card.pk}/{kind}", sent)
    assert made.status_code == HTTPStatus.CREATED
    body = made.json()
    path = f"/api/v1/customers/{card.pk}/{kind}/{body['id']}"
    assert made.headers["Location"] == path
    assert body.items() >= told.items()
    assert api.get(path).json() == body
    assert api.get(f"customers/{card.pk}/{kind}").json() == {"results": [body], "total": 1}

    changed = api.patch(path, change)
    assert changed.status_code == HTTPStatus.OK
    assert changed.json().items() >= {**told, **change}.items()

    deleted = api.delete(path)
    assert (deleted.status_code, deleted.content) == (HTTPStatus.NO_CONTENT, b"")
    for response in (api.get(path), api.delete(path), api.patch(path, change)):
        assert response.status_code == HTTPStatus.NOT_FOUND
    assert api.get(f"customers/{card.pk}/{kind}").json() == {"results": [], "total": 0}
    part = kind.removesuffix("s")
    history = AuditEntry.objects.filter(subject_type="customer", subject_id=card.pk).order_by("id")
    assert [entry.action for entry in history][1:] == [f"{part}.added", f"{part}.updated", f"{part}.deleted"]


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_of_another_card_is_not_there(
    api: ApiClient, card: Customer, make_customer: MakeCustomer, kind: str
) -> None:
    sent, _, change = PARTS[kind]
    part_id = api.post(f"customers/{card.pk}/{kind}", sent).json()["id"]
    other = make_customer("Other")
    path = f"customers/{other.pk}/{kind}/{part_id}"
    for response in (api.get(path), api.patch(path, change), api.delete(path)):
        assert response.status_code == HTTPStatus.NOT_FOUND
    assert api.get(f"customers/{card.pk}/{kind}").json()["total"] == 1


@pytest.mark.parametrize("kind", PARTS)
def test_a_list_of_parts_is_paged(api: ApiClient, card: Customer, kind: str) -> None:
    sent, _, _ = PARTS[kind]
    ids = []
    for number in range(3):
        numbered = {**sent, "cli": f"+44 20 7946 000{number}"} if kind == "clis" else sent
        ids.append(api.post(f"customers/{card.pk}/{kind}", numbered).json()["id"])
    page = api.get(f"customers/{card.pk}/{kind}?limit=1&offset=1").json()
    assert ([part["id"] for part in page["results"]], page["total"]) == ([ids[1]], 3)


@pytest.mark.parametrize(
    ("kind", "body", "fields"),
    [
        ("contacts", {}, {"name"}),
        ("contacts", {"name": "Anna", "email": "anna", "phone": "12"}, {"email", "phone"}),
        ("contacts", {"name": "Anna", "mobile_verified": True}, {"mobile_verified"}),
        ("contacts", {"name": "Anna", "type": "boss"}, {"type"}),
        ("contacts", {"name": "<b>Anna</b>"}, {"name"}),
        ("contacts", {"name": "Anna", "id": 7}, {"id"}),
        ("notes", {"text": ""}, {"text"}),
        ("notes", {"text": "x" * 10_001}, {"text"}),
        ("notes", {"text": "x", "in_portal": "yes"}, {"in_portal"}),
        ("clis", {"cli": "442079460000"}, {"reason"}),
        ("clis", {"cli": "anonymous", "reason": "x"}, {"cli"}),
    ],
)
def test_wrong_values_are_told_at_their_field(
    api: ApiClient, card: Customer, kind: str, body: dict[str, Any], fields: set[str]
) -> None:
    refused = api.post(f"customers/{card.pk}/{kind}", body)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert {error["field"] for error in refused.json()["errors"]} == fields
    assert api.get(f"customers/{card.pk}/{kind}").json()["total"] == 0


def test_a_cli_is_approved_once(api: ApiClient, card: Customer) -> None:
    body = {"cli": "442079460000", "reason": "x"}
    assert api.post(f"customers/{card.pk}/clis", body).status_code == HTTPStatus.CREATED
    refused = api.post(f"customers/{card.pk}/clis", {"cli": "+44 2079 460000", "reason": "y"})
    assert refused.json()["errors"] == [{"field": "cli", "message": "+442079460000 is approved already."}]


def test_an_archived_card_takes_no_parts(api: ApiClient, card: Customer, by: Any) -> None:
    actions.archive_customer(customer_id=card.pk, by=by)
    for kind, (sent, _, _) in PARTS.items():
        refused = api.post(f"customers/{card.pk}/{kind}", sent)
        assert 400 <= refused.status_code < 500
        assert "archived" in refused.content.decode()
        assert api.get(f"customers/{card.pk}/{kind}").json()["total"] == 0
