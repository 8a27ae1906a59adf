"""A body ends at the bound, whatever it says of its length; who may send more is asked once, and in time."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory

from linecard.web.bounded_bodies import BoundedBodies, was_cut_off

DISCONNECT = {"type": "http.disconnect"}
CHUNKED = (b"transfer-encoding", b"chunked")


class Connection:
    """A request that comes in chunks, and what an application behind the bound is told of it."""

    def __init__(self, chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> None:
        last = len(chunks) - 1
        self.chunks_received = 0
        self.scope: Any = {"type": "http", "headers": headers}
        self._events: Iterator[dict[str, Any]] = iter(
            [
                {"type": "http.request", "body": chunk, "more_body": number < last}
                for number, chunk in enumerate(chunks)
            ]
        )

    async def receive(self) -> Any:
        event = next(self._events, DISCONNECT)
        self.chunks_received += event["type"] == "http.request"
        return event

    async def send(self, event: Any) -> None:
        raise AssertionError("nothing is sent here")

    def told(self, max_bytes: int, wider: Any = None) -> dict[str, Any]:
        told: dict[str, Any] = {}

        async def application(scope: Any, receive: Any, send: Any) -> None:
            body, more = b"", True
            while more:
                event = await receive()
                body, more = body + event["body"], event["more_body"]
            request: Any = RequestFactory().post("/")
            request.scope = scope
            told.update(body=body, headers=scope["headers"], cut_off=was_cut_off(request))
            told["received"] = self.chunks_received
            told["afterwards"] = await receive()

        bounded = BoundedBodies(application, max_bytes=max_bytes, wider=wider)
        asyncio.run(bounded(self.scope, self.receive, self.send))
        return told


class Wider:
    """Lets requests bring so many bytes, and counts how often it is asked."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.asked = 0

    async def __call__(self, scope: Any) -> int:
        assert scope["type"] == "http"
        self.asked += 1
        return self.max_bytes


def length(number: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(number).encode())


@pytest.mark.parametrize("chunks", [[b""], [b"12345"], [b"12", b"345"], [b"1", b"2", b"", b"345"]])
def test_a_body_within_the_bound_passes_unchanged(chunks: list[bytes]) -> None:
    body = b"".join(chunks)
    headers = [(b"accept", b"*/*"), length(len(body))]
    told = Connection(chunks, headers).told(5)
    assert (told["body"], told["headers"], told["cut_off"]) == (body, headers, False)
    assert told["afterwards"] == DISCONNECT


@pytest.mark.parametrize("chunks", [[b""], [b"12345"], [b"12", b"", b"345"]])
def test_a_body_of_unknown_length_gets_the_one_that_it_had(chunks: list[bytes]) -> None:
    body = b"".join(chunks)
    told = Connection(chunks, [CHUNKED]).told(5)
    assert (told["body"], told["headers"]) == (body, [CHUNKED, length(len(body))])


@pytest.mark.parametrize("chunks", [[b"123456"], [b"12", b"3456"], [b"12345", b"6", b"7" * 1000, b"8"]])
def test_a_longer_body_is_cut_off_and_tells_that_it_was_too_long(chunks: list[bytes]) -> None:
    told = Connection(chunks, [CHUNKED]).told(5)
    assert len(told["body"]) <= 5
    assert (told["headers"], told["cut_off"]) == ([CHUNKED, length(6)], True)
    assert told["afterwards"] == DISCONNECT


def test_a_body_that_says_that_it_is_too_long_is_not_waited_for() -> None:
    told = Connection([b"12345", b"6"], [length(6)]).told(5)
    assert (told["body"], told["received"], told["cut_off"]) == (b"", 0, True)
    assert (told["headers"], told["afterwards"]) == ([length(6)], DISCONNECT)


@pytest.mark.parametrize("headers", [[length(8)], [CHUNKED]])
@pytest.mark.parametrize("chunks", [[b"12345678"], [b"1", b"2345", b"67", b"8"]])
def test_some_may_send_more(headers: list[tuple[bytes, bytes]], chunks: list[bytes]) -> None:
    wider = Wider(8)
    told = Connection(chunks, headers).told(5, wider)
    assert (told["body"], told["cut_off"], wider.asked) == (b"12345678", False, 1)
    assert dict(told["headers"])[b"content-length"] == b"8"


@pytest.mark.parametrize("headers", [[length(9)], [CHUNKED]])
def test_they_too_have_a_bound(headers: list[tuple[bytes, bytes]]) -> None:
    wider = Wider(8)
    told = Connection([b"1234", b"5678", b"9"], headers).told(5, wider)
    assert len(told["body"]) <= 8
    assert (told["cut_off"], wider.asked, told["afterwards"]) == (True, 1, DISCONNECT)


@pytest.mark.parametrize("headers", [[length(5)], [CHUNKED]])
def test_nobody_is_asked_about_an_ordinary_body(headers: list[tuple[bytes, bytes]]) -> None:
    wider = Wider(8)
    told = Connection([b"12", b"345"], headers).told(5, wider)
    assert (told["body"], wider.asked) == (b"12345", 0)


def test_who_may_not_send_more_is_refused_before_anything_beyond_the_bound_is_kept() -> None:
    wider = Wider(0)
    told = Connection([b"12345", b"6", b"7"], [CHUNKED]).told(5, wider)
    assert (told["body"], told["received"], told["cut_off"], wider.asked) == (b"12345", 2, True, 1)
