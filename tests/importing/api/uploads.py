"""What the tests of imports over the API share."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.test.client import encode_multipart

from linecard.importing.actions import UploadWork
from tests.conftest import ApiClient

CARRIERS = b"Operator,Prepaid,Phone\nAcme,10.00,+442079460001\nBirch,-x,\nCedar,,\n"
HOW = {"start_row": 2, "mapping": {"1": "name", "2": "debit_limit"}, "constants": {"currency": "EUR"}}


def send_form(
    api: ApiClient, data: Mapping[str, Any], *, boundary: str = "x", headers: Mapping[str, str] | None = None
) -> Any:
    """POST a form to the imports."""
    kind = f"multipart/form-data; boundary={boundary}"
    body = encode_multipart(boundary, dict(data))
    return api.client.generic("POST", "/api/v1/imports", body, kind, headers=headers)


def file_of(content: bytes, name: str = "carriers.csv") -> BytesIO:
    """A file for a form."""
    file = BytesIO(content)
    file.name = name
    return file


def send_file(api: ApiClient, content: bytes = CARRIERS, name: str = "carriers.csv", **options: Any) -> Any:
    """POST a file of customers."""
    return send_form(api, {"file": file_of(content, name), "target": "customers"}, **options)


def work(upload_id: int) -> None:
    """Do what the worker does, to its end."""
    under_way = UploadWork(upload_id)
    while under_way.advance():
        pass


def checked(api: ApiClient, content: bytes = CARRIERS, how: Mapping[str, Any] = HOW) -> int:
    """Send a file and have it checked; its id."""
    upload_id: int = send_file(api, content).json()["id"]
    assert api.post(f"imports/{upload_id}/check", how).status_code == 202
    work(upload_id)
    return upload_id
