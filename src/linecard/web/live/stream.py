"""One open page's connection: what is to be told to it, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

from linecard.web.live.changes import Change, Gathered

BEAT_SECONDS = 15.0
CONTENT_TYPE = "text/event-stream"


class Stream:
    """What waits to be sent to a page. However slowly it reads, that is one change for each grid.

    The page is told ``ready`` when from now on it hears of all changes, with how many seconds before it would have
    heard of all, too; ``lost`` when it does not; ``changed``; and ``beat`` when there is nothing else to tell.
    """

    def __init__(self) -> None:
        self._changes = Gathered()
        self._state: bytes = b""
        self._news = asyncio.Event()
        self._ended = False

    def tell(self, change: Change) -> None:
        """Rows changed."""
        self._changes.add(Change(change.grid, None, change.ids))  # whose they are makes no difference here
        self._news.set()

    def tell_ready(self, quiet_seconds: float) -> None:
        """From now on it hears of everything, and of the last so many seconds nothing was missed either."""
        self._state = _event("ready", {"quiet_seconds": round(quiet_seconds, 3)})
        self._news.set()

    def tell_lost(self) -> None:
        """It may miss something, until ``tell_ready``."""
        self._state = _event("lost", {})
        self._news.set()

    def end(self) -> None:
        """Nothing more is sent, not even what waits."""
        self._ended = True
        self._news.set()

    async def messages(self) -> AsyncIterator[bytes]:
        """Everything that the page is told, until the end."""
        while not self._ended:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                yield _event("beat", {})
                continue
            self._news.clear()
            if message := self._waiting():
                yield message

    def _waiting(self) -> bytes:
        if self._ended:
            return b""
        state, self._state = self._state, b""
        return state + b"".join(_event("changed", change.news) for change in self._changes.take())


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
