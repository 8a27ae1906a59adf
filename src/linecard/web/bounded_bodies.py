"""A bound for request bodies that do not say how long they are.

Django compares ``Content-Length`` with its limit, and receives a body without one (sent in chunks) whole before
anything asks for it.
"""

from typing import Any

from asgiref.typing import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGIReceiveEvent,
    ASGISendCallable,
    HTTPRequestEvent,
    HTTPScope,
    Scope,
)


class BoundedBodies:
    """An ASGI application whose requests end at ``max_bytes``.

    A longer body is cut off and the request then states the length that it really had, so that Django refuses it
    as it refuses any other that is too large: with 413, a log line and all headers.
    """

    def __init__(self, application: ASGI3Application, *, max_bytes: int) -> None:
        self.application = application
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            receive = _Counted(scope, receive, self.max_bytes)
        await self.application(scope, receive, send)


class _Counted:
    def __init__(self, scope: HTTPScope, receive: ASGIReceiveCallable, max_bytes: int) -> None:
        self.scope = scope
        self.receive = receive
        self.max_bytes = max_bytes
        self.received = 0

    async def __call__(self) -> ASGIReceiveEvent:
        event = await self.receive()
        while self._is_cut_off() and event["type"] == "http.request":
            event = await self.receive()  # what is still being sent is of no interest
        if event["type"] != "http.request":
            return event
        self.received += len(event["body"])
        return self._cut_off() if self._is_cut_off() else event

    def _is_cut_off(self) -> bool:
        return self.received > self.max_bytes

    def _cut_off(self) -> HTTPRequestEvent:
        others = [(name, value) for name, value in self.scope["headers"] if name != b"content-length"]
        self.scope["headers"] = [*others, (b"content-length", str(self.received).encode())]
        return {"type": "http.request", "body": b"", "more_body": False}


def bounded(application: Any, *, max_bytes: int) -> BoundedBodies:
    """Django's ASGI application, bounded."""
    return BoundedBodies(application, max_bytes=max_bytes)
