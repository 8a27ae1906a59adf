"""A body that does not say how long it is ends at the limit."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from linecard.web.bounded_bodies import BoundedBodies

DISCONNECT = {"type": "http.disconnect"}


def serve(chunks: list[bytes], max_bytes: int, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """What an application behind the bound is told of a request that comes in these chunks."""
    told: dict[str, Any] = {}
    last = len(chunks) - 1
    events: Iterator[dict[str, Any]] = iter(
        [
            *(
                {"type": "http.request", "body": chunk, "more_body": number < last}
                for number, chunk in enumerate(chunks)
            ),
            DISCONNECT,
        ]
    )

    async def receive() -> Any:
        return next(events)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event["body"], event["more_body"]
        told.update(body=body, headers=scope["headers"], afterwards=await receive())

    async def send(event: Any) -> None:
        raise AssertionError("nothing is sent here")

    scope: Any = {"type": "http", "headers": headers}
    asyncio.run(BoundedBodies(application, max_bytes=max_bytes)(scope, receive, send))
    return told


@pytest.mark.parametrize("chunks", [[b""], [b"12345"], [b"12", b"345"], [b"1", b"2", b"", b"345"]])
def test_a_body_within_the_bound_passes_unchanged(chunks: list[bytes]) -> None:
    headers = [(b"transfer-encoding", b"chunked")]
    told = serve(chunks, 5, headers)
    assert told == {"body": b"".join(chunks), "headers": headers, "afterwards": DISCONNECT}


@pytest.mark.parametrize("chunks", [[b"123456"], [b"12", b"3456"], [b"12345", b"6", b"7" * 1000, b"8"]])
def test_a_longer_body_is_cut_off_and_tells_that_it_was_too_long(chunks: list[bytes]) -> None:
    told = serve(chunks, 5, [(b"transfer-encoding", b"chunked"), (b"content-length", b"1")])
    assert len(told["body"]) <= 5
    assert told["headers"] == [(b"transfer-encoding", b"chunked"), (b"content-length", b"6")]
    assert told["afterwards"] == DISCONNECT
