"""Open pages for tests: streams of changes through the whole ASGI application, without a network."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from operator import attrgetter
from typing import Any, TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import Client

from linecard.accounts import live
from linecard.accounts.models import User
from linecard.config.asgi import application
from linecard.web.live import Hub

SECONDS = 40

Result = TypeVar("Result")
Event = tuple[str, dict[str, Any]]


class OpenPage:
    """What one page is told."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.told: asyncio.Queue[Event | None] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._asked = False

    async def event(self) -> Event | None:
        """The next thing that it is told; None once the stream has ended."""
        async with asyncio.timeout(SECONDS):
            return await self.told.get()

    async def ready(self) -> float:
        """Wait until it hears everything; the seconds of quiet before."""
        event = await self.event()
        assert event is not None
        assert event[0] == "ready"
        return float(event[1]["quiet_seconds"])

    async def changed(self) -> tuple[str, list[int] | None]:
        """The next change, the grid and the ids; without those in the audit log, which every action makes."""
        while True:
            event = await self.event()
            assert event is not None
            assert event[0] == "changed"
            if event[1] != {"grid": "audit", "ids": None}:
                return event[1]["grid"], event[1]["ids"]

    async def changes(self, count: int) -> set[tuple[str, tuple[int, ...] | None]]:
        """The next so many changes, in whatever order they come."""
        heard = [await self.changed() for _ in range(count)]
        return {(grid, None if ids is None else tuple(ids)) for grid, ids in heard}

    def leave(self) -> None:
        """Close it, as a browser does."""
        self._gone.set()

    async def receive(self) -> dict[str, Any]:
        """What the server gets from the browser."""
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """What the server sends."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            return
        for event in message.get("body", b"").decode().split("\n\n")[:-1]:
            name, data = event.removeprefix("event: ").split("\ndata: ")
            self.told.put_nowait((name, json.loads(data)))
        if not message.get("more_body"):
            self.told.put_nowait(None)


@asynccontextmanager
async def open_page(cookie: str, path: str = "/live/") -> AsyncIterator[OpenPage]:
    """A page that is open for as long as the context lasts."""
    page = OpenPage()
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode())],
        "client": ["127.0.0.1", 1],
    }
    task = asyncio.create_task(application(scope, page.receive, page.send))  # type: ignore[arg-type]
    try:
        yield page
    finally:
        page.leave()
        async with asyncio.timeout(SECONDS):
            await task


def cookie_of(user: User) -> str:
    """What the browser sends in which the user is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


async def do(action: Callable[..., Result], /, *args: Any, **values: Any) -> Result:
    """Run what works synchronously in a thread, and give its connection back."""

    def run() -> Result:
        try:
            return action(*args, **values)
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Coroutine[Any, Any, Result]], Result]:
    """Run a scene with a hub of its own."""

    def run(scene: Coroutine[Any, Any, Result]) -> Result:
        monkeypatch.setattr(live, "HUB", Hub(live.admit, bearer=attrgetter("user_id")))
        return asyncio.run(scene)

    return run
