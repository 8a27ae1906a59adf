"""Files that programs send whole, against the real server: from whom, how large, and what a cut leaves behind."""

import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from e2e.conftest import MAX_UPLOAD_MEGABYTES
from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from linecard.importing.actions import UploadWork
from linecard.importing.models import Upload, UploadPiece

BOUNDARY = "between-parts"
PATH = "/api/v1/imports"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
ROWS_OF_A_MEGABYTE = 65_536


def form(megabytes: int) -> Iterator[bytes]:
    """A form with a file of that size, in portions."""
    first_rows = range(0, megabytes * ROWS_OF_A_MEGABYTE, ROWS_OF_A_MEGABYTE)
    return form_of(
        b"".join(b"Carrier %07d\n" % row for row in range(first, first + ROWS_OF_A_MEGABYTE))
        for first in first_rows
    )


def form_of(contents: Iterable[bytes]) -> Iterator[bytes]:
    """A form with a file, in portions."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    yield f'{part}target"\r\n\r\ncustomers\r\n{part}file"; filename="carriers.csv"\r\n\r\n'.encode()
    yield from contents
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def bearer(user: User, **options: Any) -> dict[str, str]:
    _, token = actions.create_token(user=user, by=command_actor(), **options)
    return {"Authorization": f"Bearer {token}"}


def send(
    address: str, headers: Mapping[str, str], megabytes: int, *, chunked: bool = False
) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    body = form(megabytes) if chunked else b"".join(form(megabytes))
    try:
        connection.request("POST", PATH, body, {**FORM, **headers}, encode_chunked=chunked)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_program_sends_a_large_file(
    address: str, transactional_db: None, staff: User, chunked: bool
) -> None:
    status, told = send(address, bearer(staff), 6, chunked=chunked)
    assert (status, told["size"], told["sample"][0]) == (201, 6 * 2**20, ["Carrier 0000000"])
    assert UploadPiece.objects.filter(upload=told["id"]).count() == 6


def test_the_same_file_sent_again_with_its_key_is_kept_once(
    address: str, transactional_db: None, staff: User
) -> None:
    headers = {**bearer(staff), "Idempotency-Key": "file-1"}
    first = send(address, headers, 3)
    assert first[0] == 201
    assert send(address, headers, 3, chunked=True) == first
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("options", "status"), [({"read_only": True}, 403), ({"kind": "switch"}, 403), (None, 401)]
)
def test_nobody_else_does(
    address: str,
    transactional_db: None,
    staff: User,
    options: dict[str, Any] | None,
    status: int,
    chunked: bool,
) -> None:
    headers = {"Authorization": "Bearer lc_wrong"} if options is None else bearer(staff, **options)
    refused, told = send(address, headers, 3, chunked=chunked)
    assert (refused, told["status"]) == (status, status)
    assert not Upload.objects.exists()


def test_a_session_is_not_enough_for_a_large_file(address: str, transactional_db: None, staff: User) -> None:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    csrf = client.get("/account/").cookies["csrftoken"].value
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={csrf}"
    headers = {"Cookie": cookies, "X-CSRFToken": csrf}
    assert send(address, headers, 1)[0] == 201
    assert send(address, headers, 3)[0] == 413
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_beyond_the_operator_s_limit_is_refused(
    address: str, transactional_db: None, staff: User, chunked: bool
) -> None:
    status, told = send(address, bearer(staff), MAX_UPLOAD_MEGABYTES + 1, chunked=chunked)
    assert (status, told["title"]) == (413, "The request is too large")
    assert not UploadPiece.objects.exists()


def test_another_address_takes_no_more_than_usual(address: str, transactional_db: None, staff: User) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {**FORM, **bearer(staff)}
    try:
        connection.request("POST", "/api/v1/customers", b"".join(form(3)), headers)
        assert connection.getresponse().status == 413
    finally:
        connection.close()


def test_a_file_that_is_cut_off_on_its_way_leaves_nothing(
    address: str, transactional_db: None, staff: User
) -> None:
    """The server closes the connection only when it has given the request up."""
    host, _, port = urlsplit(address).netloc.partition(":")
    head = [f"POST {PATH} HTTP/1.1", f"Host: {host}:{port}", f"Content-Length: {7 * 2**20}"]
    head += [f"{name}: {value}" for name, value in {**FORM, **bearer(staff)}.items()]
    with socket.create_connection((host, int(port)), timeout=30) as cut:
        cut.sendall("\r\n".join([*head, "", ""]).encode())
        for portion in list(form(5))[:-1]:
            cut.sendall(portion)
        cut.shutdown(socket.SHUT_WR)
        assert cut.recv(1) == b""
    assert not Upload.objects.exists()
    assert send(address, bearer(staff), 1)[0] == 201


def test_bad_rows_come_as_a_file_while_they_are_read(
    address: str, transactional_db: None, staff: User
) -> None:
    rows = [b"Operator,Currency\r\n", *(b"Carrier %d,Euro\r\n" % number for number in range(3000))]
    body = b"".join(form_of(rows))
    client = HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = bearer(staff)
    try:
        client.request("POST", PATH, body, {**FORM, **headers})
        path = f"{PATH}/{json.loads(client.getresponse().read())['id']}"
        how = json.dumps({"mapping": {"1": "name", "2": "currency"}})
        client.request("POST", f"{path}/check", how, {**headers, "Content-Type": "application/json"})
        checking = json.loads(client.getresponse().read())
        work = UploadWork(checking["id"])
        while work.advance():
            pass
        client.request("GET", f"{path}/errors.csv", headers=headers)
        response = client.getresponse()
        told = response.read().decode("utf-8-sig")
    finally:
        client.close()
    assert response.headers["Transfer-Encoding"] == "chunked"
    lines = told.splitlines()
    assert (len(lines), lines[0]) == (3001, "Operator,Currency,Reason")
    assert lines[-1].startswith('Carrier 2999,Euro,"Currency: ')
