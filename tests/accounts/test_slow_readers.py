"""Answers that are read slowly, or not at all, keep no database connection from others."""

import asyncio
import json
from typing import Any

import pytest
from django.db import connection

from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from linecard.config.asgi import application
from tests.accounts.live_pages import SECONDS, do
from tests.conftest import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def links() -> set[int]:
    """The processes that serve others' connections to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return {int(pid) for (pid,) in cursor.fetchall()}


class SlowReader:
    """A program that asks for something, and reads no more than that an answer comes."""

    def __init__(self, token: str, path: str, body: dict[str, Any]) -> None:
        self._body: bytes | None = json.dumps(body).encode()
        self.answered = asyncio.Event()
        self.status = 0
        self._scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [
                (b"host", b"localhost"),
                (b"authorization", f"Bearer {token}".encode()),
                (b"content-type", b"application/json"),
                (b"content-length", str(len(self._body or b"")).encode()),
            ],
            "client": ["127.0.0.1", 1],
        }

    async def ask(self) -> None:
        """Ask, and wait for ever for room for the answer's body."""
        await application(self._scope, self._receive, self._send)  # type: ignore[arg-type]

    async def _receive(self) -> dict[str, Any]:
        if self._body is None:
            await asyncio.Event().wait()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.answered.set()
        await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/customers/export", {"format": "csv"}),
        ("/api/v1/customers/export", {"format": "csv", "group_by": ["country"]}),
        ("/api/v1/customers/query", {}),
    ],
)
def test_a_slow_reader_keeps_no_connection(
    staff: User, make_customer: MakeCustomer, path: str, body: dict[str, Any]
) -> None:
    make_customer()
    _, token = actions.create_token(user=staff, by=command_actor())

    async def scene() -> None:
        before = await do(links)
        reader = SlowReader(token, path, body)
        asking = asyncio.create_task(reader.ask())
        async with asyncio.timeout(SECONDS):
            await reader.answered.wait()
        assert reader.status == 200
        assert await do(links) <= before
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    asyncio.run(scene())
