"""Bodies beyond the limit, against the real server: in one piece, and in chunks of unknown number."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from linecard.customers.models import Customer

CHUNK = b" " * 65_536
CHUNKS_BEYOND_THE_LIMIT = 48  # three megabytes


def chunks(number: int) -> Iterator[bytes]:
    yield b'{"name": "Acme", "currency": "EUR"'
    for _ in range(number):
        yield CHUNK
    yield b"}"


def send(address: str, user: User, number: int, *, chunked: bool) -> tuple[int, str, dict[str, object]]:
    _, token = actions.create_token(user=user, by=command_actor())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    body = chunks(number) if chunked else b"".join(chunks(number))
    try:
        connection.request("POST", "/api/v1/customers", body, headers, encode_chunked=chunked)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"], json.loads(response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_refused(
    address: str, transactional_db: None, staff: User, chunked: bool
) -> None:
    status, kind, body = send(address, staff, CHUNKS_BEYOND_THE_LIMIT, chunked=chunked)
    assert (status, kind, body["status"]) == (413, "application/problem+json", 413)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_within_the_limit_is_read(
    address: str, transactional_db: None, staff: User, chunked: bool
) -> None:
    status, _, body = send(address, staff, 1, chunked=chunked)
    assert (status, body["name"]) == (201, "Acme")
