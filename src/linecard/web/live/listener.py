"""The one connection of a process that hears what is announced."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from linecard.web.live.changes import CHANNEL, Change

_log = logging.getLogger("linecard.live")

APPLICATION_NAME = "linecard live"
_SHORTEST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 5.0
# A database that vanished without a word is noticed after half a minute.
_KEEPALIVES = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
_NOT_FOR_LISTENING = ("context", "cursor_factory")


class Listener:
    """Hears the channel until it is cancelled; when the connection is lost, it comes back by itself.

    ``heard`` is called with every change, ``listening`` with True when from now on none is missed, and with False
    when the connection is gone.
    """

    def __init__(self, *, heard: Callable[[Change], None], listening: Callable[[bool], None]) -> None:
        self._heard = heard
        self._listening = listening
        self._pause_seconds = _SHORTEST_PAUSE_SECONDS

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                _log.warning("open pages hear nothing: %s", error)
            self._listening(False)
            await asyncio.sleep(self._pause_seconds)
            self._pause_seconds = min(2 * self._pause_seconds, _LONGEST_PAUSE_SECONDS)

    async def _listen(self) -> None:
        link = await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True)
        async with link:
            await link.execute(f"LISTEN {CHANNEL}")
            self._pause_seconds = _SHORTEST_PAUSE_SECONDS
            self._listening(True)
            async for notification in link.notifies():
                self._hear(notification.payload)

    def _hear(self, message: str) -> None:
        try:
            self._heard(Change.read(message))
        except ValueError as error:
            _log.warning("%s", error)


def _parameters() -> dict[str, Any]:
    """How Django reaches the database, for a connection that is not Django's."""
    given = connection.get_connection_params()
    kept = {name: value for name, value in given.items() if name not in _NOT_FOR_LISTENING}
    return {**_KEEPALIVES, **kept, "application_name": APPLICATION_NAME}
