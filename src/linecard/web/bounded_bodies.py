"""A bound for request bodies, whether they say how long they are or not.

Django receives every body whole before anything asks for it. It compares ``Content-Length`` with its limit only when
a body is read as one piece: not for a body without one (sent in chunks), and not for files.
"""

from collections.abc import Awaitable, Callable
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
from django.http import HttpRequest

# Says how many bytes a request may bring that is larger than requests usually are.
WiderBound = Callable[[HTTPScope], Awaitable[int]]

_CUT_OFF = "linecard.cut_off"


class BoundedBodies:
    """An ASGI application whose requests end at ``max_bytes``, or where ``wider`` lets them.

    A longer body is cut off and the request then states a length beyond the bound, so that Django refuses it
    as it refuses any other that is too large: with 413, a log line and all headers. ``wider`` is asked before
    anything beyond ``max_bytes`` is kept.
    """

    def __init__(
        self, application: ASGI3Application, *, max_bytes: int, wider: WiderBound | None = None
    ) -> None:
        self.application = application
        self.max_bytes = max_bytes
        self.wider = wider

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            receive = _Counted(scope, receive, self.max_bytes, self.wider)
        await self.application(scope, receive, send)


class _Counted:
    def __init__(
        self, scope: HTTPScope, receive: ASGIReceiveCallable, max_bytes: int, wider: WiderBound | None
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.max_bytes = max_bytes
        self.wider = wider
        self.received = 0
        self.cut_off = False
        self.declared = next((value for name, value in scope["headers"] if name == b"content-length"), None)

    async def __call__(self) -> ASGIReceiveEvent:
        if not self.received and not self.cut_off and not await self._within_bound(self._declared_bytes()):
            return self._end(self._declared_bytes())  # nothing of it is waited for
        event = await self.receive()
        while self.cut_off and event["type"] == "http.request":
            event = await self.receive()  # what is still being sent is of no interest
        if event["type"] != "http.request":
            return event
        self.received += len(event["body"])
        if not await self._within_bound(self.received):
            return self._end(self.received)
        if self.declared is None and not event["more_body"]:
            self._state(self.received)
        return event

    def _declared_bytes(self) -> int:
        return int(self.declared) if self.declared and self.declared.isdigit() else 0

    async def _within_bound(self, size: int) -> bool:
        if size > self.max_bytes and self.wider is not None:
            self.max_bytes = max(self.max_bytes, await self.wider(self.scope))
            self.wider = None
        return size <= self.max_bytes

    def _end(self, size: int) -> HTTPRequestEvent:
        self.cut_off = True
        self.scope["extensions"] = {**(self.scope.get("extensions") or {}), _CUT_OFF: {}}
        self._state(size)
        return {"type": "http.request", "body": b"", "more_body": False}

    def _state(self, size: int) -> None:
        """Give the request a length: Django takes a form without one for empty."""
        others = [(name, value) for name, value in self.scope["headers"] if name != b"content-length"]
        self.scope["headers"] = [*others, (b"content-length", str(size).encode())]


def was_cut_off(request: HttpRequest) -> bool:
    """Whether the body was longer than the bound, so that what there is of it must not be used."""
    return _CUT_OFF in (getattr(request, "scope", {}).get("extensions") or {})


def bounded(application: Any, *, max_bytes: int, wider: WiderBound | None = None) -> BoundedBodies:
    """Django's ASGI application, bounded."""
    return BoundedBodies(application, max_bytes=max_bytes, wider=wider)
