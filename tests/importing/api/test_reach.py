"""The wrong reseller gets 404 by every address of an import, exactly as for one that does not exist.

The tables name every operation of the document that leads to one; one that is missing fails the test.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from linecard.accounts.models import User
from tests.conftest import ApiClient
from tests.importing.api.uploads import HOW, checked, work

pytestmark = pytest.mark.django_db

ApiOf = Callable[..., ApiClient]

IMPORT = "/api/v1/imports/{import_id}"

# With a body that its owner could send, and the state in which they could.
OPERATIONS: dict[tuple[str, str], tuple[Any, str]] = {
    ("GET", IMPORT): (None, "checked"),
    ("DELETE", IMPORT): (None, "checked"),
    ("POST", f"{IMPORT}/check"): (HOW, "checked"),
    ("GET", f"{IMPORT}/errors"): (None, "checked"),
    ("GET", f"{IMPORT}/errors.csv"): (None, "checked"),
    ("POST", f"{IMPORT}/apply"): ({"rows": "good"}, "checked"),
    ("POST", f"{IMPORT}/undo"): (None, "applied"),
    ("GET", f"{IMPORT}/left-alone"): (None, "applied"),
    ("GET", "/api/v1/jobs/{job_id}"): (None, "applied"),
}
WITHOUT_IDS = {("GET", "/api/v1/imports"), ("POST", "/api/v1/imports")}

NOWHERE = 987_654_321

every_operation = pytest.mark.parametrize(
    ("method", "path"), OPERATIONS, ids=lambda part: part.removeprefix("/api/v1/")
)


def address(path: str, upload_id: int) -> str:
    return path.format(import_id=upload_id, job_id=upload_id)


def upload_of(api: ApiClient, state: str) -> int:
    upload_id = checked(api)
    if state == "applied":
        api.post(f"imports/{upload_id}/apply", {"rows": "good"})
        work(upload_id)
    return upload_id


def everything_stored() -> dict[str, list[Any]]:
    """Every row of our own tables, except when a token was last used."""
    rooms = ("customers", "importing", "audit", "web")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def without_request_id(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "request_id"}


def test_the_tables_name_every_operation() -> None:
    paths = Client().get("/api/openapi.json").json()["paths"]
    ours = {
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if path.startswith(("/api/v1/imports", "/api/v1/jobs"))
    }
    assert ours == {*OPERATIONS, *WITHOUT_IDS}


@every_operation
def test_the_wrong_reseller_reaches_nothing(
    api_of: ApiOf, north_user: User, south_user: User, method: str, path: str
) -> None:
    body, state = OPERATIONS[method, path]
    upload_id = upload_of(api_of(south_user), state)
    api = api_of(north_user)
    before = everything_stored()
    foreign = api.send(method, address(path, upload_id), body, headers={"Idempotency-Key": "reach"})
    missing = api.send(method, address(path, NOWHERE), body)
    assert foreign.status_code == missing.status_code == HTTPStatus.NOT_FOUND
    assert without_request_id(foreign) == without_request_id(missing)
    assert everything_stored() == before


@every_operation
def test_the_right_reseller_does(api_of: ApiOf, south_user: User, method: str, path: str) -> None:
    """The bodies of the table are good, so that the test above can fail."""
    body, state = OPERATIONS[method, path]
    api = api_of(south_user)
    upload_id = upload_of(api, state)
    assert api.send(method, address(path, upload_id), body).status_code < HTTPStatus.BAD_REQUEST
