"""The wrong reseller gets 404 by every address of the API, exactly as for what does not exist.

The table names every operation of the document that leads to a card; one that is missing fails the test.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from linecard.accounts.models import ApiToken, Reseller, User
from linecard.customers import actions
from linecard.kernel.clock import now
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]
Ids = Mapping[str, int]

CARD = "/api/v1/customers/{customer_id}"
ANY_CHANGE = "/api/v1/pending-changes/{n}"

# Every operation whose address names a card or what hangs on one, with a body that its owner could send.
BODIES: dict[tuple[str, str], Any] = {
    ("GET", CARD): None,
    ("PATCH", CARD): {"channels": 9},
    ("DELETE", CARD): None,
    ("POST", f"{CARD}/restore"): None,
    ("GET", f"{CARD}/contacts"): None,
    ("POST", f"{CARD}/contacts"): {"name": "Eve"},
    ("GET", CARD + "/contacts/{contact_id}"): None,
    ("PATCH", CARD + "/contacts/{contact_id}"): {"name": "Eve"},
    ("DELETE", CARD + "/contacts/{contact_id}"): None,
    ("GET", f"{CARD}/notes"): None,
    ("POST", f"{CARD}/notes"): {"text": "Eve was here"},
    ("GET", CARD + "/notes/{note_id}"): None,
    ("PATCH", CARD + "/notes/{note_id}"): {"text": "Eve was here"},
    ("DELETE", CARD + "/notes/{note_id}"): None,
    ("GET", f"{CARD}/clis"): None,
    ("POST", f"{CARD}/clis"): {"cli": "442079460001", "reason": "x"},
    ("GET", CARD + "/clis/{cli_id}"): None,
    ("PATCH", CARD + "/clis/{cli_id}"): {"reason": "x"},
    ("DELETE", CARD + "/clis/{cli_id}"): None,
    ("GET", f"{CARD}/pending-changes"): None,
    ("POST", f"{CARD}/pending-changes"): {"delay_seconds": 0, "changes": {"channels": 9}},
    ("GET", CARD + "/pending-changes/{n}"): None,
    ("DELETE", CARD + "/pending-changes/{n}"): None,
    ("POST", CARD + "/pending-changes/{n}/run"): {"override": True},
    ("GET", f"{CARD}/history"): None,
    ("GET", ANY_CHANGE): None,
    ("DELETE", ANY_CHANGE): None,
    ("POST", ANY_CHANGE + "/run"): {"override": True},
}

# Operations without an id; that they show only what one may see is tested where they are.
WITHOUT_IDS = {
    ("GET", "/api/v1/customers"),
    ("POST", "/api/v1/customers"),
    ("POST", "/api/v1/customers/query"),
    ("POST", "/api/v1/customers/export"),
    ("POST", "/api/v1/customers/bulk-edit"),
    ("POST", "/api/v1/customers/bulk-delete"),
    ("POST", "/api/v1/customers/bulk-restore"),
    ("GET", "/api/v1/pending-changes"),
    ("POST", "/api/v1/pending-changes"),
}

# What belongs to no card, and is walked through where it is tested.
OTHER_ROOMS = tuple(
    f"/api/v1/{name}"
    for name in (
        *("imports", "jobs", "bulk-works", "users", "groups", "resellers", "audit", "views"),
        *("messages", "message-templates", "settings"),
    )
)

NOWHERE = 987_654_321


def operations() -> Iterator[tuple[str, str]]:
    """Method and path of everything in the document."""
    document = Client().get("/api/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            yield method.upper(), path


@pytest.fixture
def ids(make_customer: MakeCustomer, south: Reseller, south_user: User, by: Any) -> Ids:
    """A card of South with one of everything."""
    card = make_customer("Southern", reseller=south.pk).pk
    contact = actions.add_contact(customer_id=card, values={"name": "Sue"}, by=by)
    note = actions.add_note(customer_id=card, values={"text": "Hello"}, by=by)
    cli = actions.add_cli(customer_id=card, values={"cli": "442079460000", "reason": "x"}, by=by)
    change = actions.plan_change(
        customer_id=card, values={"cps": 1}, run_at=now() + timedelta(hours=1), by=by
    )
    return {
        "customer_id": card,
        "contact_id": contact.pk,
        "note_id": note.pk,
        "cli_id": cli.pk,
        "n": change.pk,
    }


def everything_stored() -> dict[str, list[Any]]:
    """Every row of our own tables, except when a token was last used."""
    models = [
        model for room in ("customers", "audit", "web") for model in apps.get_app_config(room).get_models()
    ]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def without_request_id(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "request_id"}


def test_the_table_names_every_operation() -> None:
    ours = [(method, path) for method, path in operations() if not path.startswith(OTHER_ROOMS)]
    assert sorted(ours) == sorted({*BODIES, *WITHOUT_IDS})


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda part: part.removeprefix("/api/v1/"))
def test_the_wrong_reseller_reaches_nothing(
    api_of: ApiOf, north_user: User, ids: Ids, method: str, path: str
) -> None:
    api = api_of(north_user)
    before = everything_stored()
    body = BODIES[method, path]
    foreign = api.send(method, path.format(**ids), body, headers={"Idempotency-Key": "reach"})
    missing = api.send(method, path.format(**dict.fromkeys(ids, NOWHERE)), body)
    assert foreign.status_code == missing.status_code == HTTPStatus.NOT_FOUND
    assert without_request_id(foreign) == without_request_id(missing)
    assert everything_stored() == before


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda part: part.removeprefix("/api/v1/"))
def test_the_right_reseller_does(api_of: ApiOf, south_user: User, ids: Ids, method: str, path: str) -> None:
    """The bodies of the table are good, so that the test above can fail."""
    response = api_of(south_user).send(method, path.format(**ids), BODIES[method, path])
    assert response.status_code < HTTPStatus.BAD_REQUEST, response.content
    assert ApiToken.objects.get().user == south_user
