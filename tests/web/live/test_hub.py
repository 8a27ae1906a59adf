"""All open pages of a process: what they are told while the right to hear cannot be asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection, connections

from linecard.web.live import Audience, Hub, announce, hub, stream
from linecard.web.live.changes import CHANNEL

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 10
EVERYTHING = Audience(frozenset({"cards"}), None)


class Door:
    """Lets everybody hear everything, once it has failed with its errors."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []

    async def __call__(self, tickets: Sequence[int]) -> list[Audience | None]:
        if self.errors:
            raise self.errors.pop(0)
        return [EVERYTHING for _ in tickets]


async def next_event(messages: AsyncIterator[bytes]) -> tuple[str, Any] | None:
    """The only event of the next message; None at the end."""
    async with asyncio.timeout(SECONDS):
        message = await anext(messages, None)
    if message is None:
        return None
    name, data = message.decode().strip().removeprefix("event: ").split("\ndata: ")
    return name, json.loads(data)


async def tell(*ids: int) -> None:
    def run() -> None:
        announce("cards", ids=ids, reseller=None)
        connections.close_all()

    await sync_to_async(run, thread_sensitive=False)()


def changed(*ids: int) -> tuple[str, Any]:
    return "changed", {"grid": "cards", "ids": list(ids)}


async def opened(door: Door) -> AsyncIterator[bytes]:
    """A page that has been told that it hears everything."""
    messages = Hub[int](door).messages(1, EVERYTHING)
    ready = await next_event(messages)
    assert ready is not None
    assert ready[0] == "ready"
    return messages


def test_a_database_that_does_not_answer_is_told_and_mends_itself() -> None:
    async def scene() -> None:
        door = Door()
        messages = await opened(door)
        door.errors.append(DatabaseError("away"))
        await tell(1)
        assert await next_event(messages) == ("lost", {})
        ready = await next_event(messages)
        assert ready is not None
        assert ready[0] == "ready"
        await tell(2)
        assert await next_event(messages) == changed(2)

    asyncio.run(scene())


def test_an_unforeseen_error_ends_the_pages_so_that_they_come_again() -> None:
    async def scene() -> None:
        door = Door()
        messages = await opened(door)
        door.errors.append(RuntimeError("a fault"))
        await tell(1)
        assert await next_event(messages) is None

    asyncio.run(scene())


def test_what_is_no_change_is_left_out() -> None:
    def say_rubbish() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, 'rubbish')", [CHANNEL])
        connections.close_all()

    async def scene() -> None:
        messages = await opened(Door())
        await sync_to_async(say_rubbish, thread_sensitive=False)()
        await tell(3)
        assert await next_event(messages) == changed(3)

    asyncio.run(scene())


def test_a_quiet_page_hears_that_the_server_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stream.BEAT_SECONDS <= 15
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.01)

    async def scene() -> None:
        messages = Hub[int](Door()).messages(1, EVERYTHING)
        heard = [await next_event(messages)]
        while heard[-1] is None or heard[-1][0] == "beat":
            heard.append(await next_event(messages))
        assert (await next_event(messages), heard[-1][0]) == (("beat", {}), "ready")

    asyncio.run(scene())


def test_the_listener_ends_when_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(hub, "_LINGER_SECONDS", 0.0)

    async def scene() -> None:
        before = asyncio.all_tasks()
        messages = await opened(Door())
        await messages.aclose()  # type: ignore[attr-defined]
        async with asyncio.timeout(SECONDS):
            await asyncio.wait(asyncio.all_tasks() - before)
        again = await opened(Door())
        await tell(4)
        assert await next_event(again) == changed(4)

    asyncio.run(scene())
