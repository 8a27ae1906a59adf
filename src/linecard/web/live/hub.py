"""All open pages of a process, and the one listener that they share."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import DatabaseError
from prometheus_client import Gauge

from linecard.web.live.changes import Change, Gathered
from linecard.web.live.listener import Listener
from linecard.web.live.stream import Stream

_log = logging.getLogger("linecard.live")

MAX_PAGES = 2000
# All tabs of a browser share one: this is room for many browsers, and for nobody to take the room of all others.
MAX_PAGES_EACH = 100
# What is announced within this time is told together, after one question who may still hear it.
_GATHER_SECONDS = 0.15
# A page whose user may hear no more ends within this time, also when nothing changes.
CHECK_SECONDS = 10.0
_RETRY_SECONDS = 1.0
# People go from page to page: the listener waits so long for the next one.
_LINGER_SECONDS = 30.0

OPEN_PAGES = Gauge("linecard_live_pages", "Open pages that are told of changes.")

Ticket = TypeVar("Ticket")


@dataclass(frozen=True, slots=True)
class Audience:
    """What a page may hear of: changes in these grids, of one reseller's rows or, with None, of all."""

    grids: frozenset[str]
    reseller: int | None

    def hears(self, grid: str, reseller: int | None) -> bool:
        """Whether changes of this reseller's rows in this grid are for it."""
        return grid in self.grids and self.reseller in (None, reseller)


@dataclass(eq=False, slots=True)
class _Page(Generic[Ticket]):
    ticket: Ticket
    audience: Audience
    stream: Stream = field(default_factory=Stream)


class Hub(Generic[Ticket]):
    """Tells every open page what it may hear of, and ends those that may hear no more.

    ``admit`` is asked, before anything is told and at least every ``CHECK_SECONDS``, what the bearer of each ticket
    may hear of; None for no more. When it raises ``DatabaseError``, nothing is told until it answers again.
    ``bearer`` tells whose a ticket is.
    """

    def __init__(
        self,
        admit: Callable[[Sequence[Ticket]], Awaitable[Sequence[Audience | None]]],
        *,
        bearer: Callable[[Ticket], object] = lambda ticket: ticket,
    ) -> None:
        self._admit = admit
        self._bearer = bearer
        self._pages: set[_Page[Ticket]] = set()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def has_room(self, ticket: Ticket) -> bool:
        """Whether another page would not be one too many, in all and for the ticket's bearer."""
        bearer = self._bearer(ticket)
        own = sum(self._bearer(page.ticket) == bearer for page in self._pages)
        return len(self._pages) < MAX_PAGES and own < MAX_PAGES_EACH

    async def messages(self, ticket: Ticket, audience: Audience) -> AsyncIterator[bytes]:
        """Everything that a page is told, as server-sent events; nothing where there is no room for it."""
        if not self.has_room(ticket):  # many can have been let in since they were asked
            return
        page = _Page(ticket, audience)
        self._join(page)
        try:
            async for message in page.stream.messages():
                yield message
        finally:
            self._leave(page)

    def close(self) -> None:
        """End all pages, and every one that still comes: the process is about to stop."""
        self._closed = True
        self._end_all()

    def _end_all(self) -> None:
        for page in self._pages:
            page.stream.end()

    def _join(self, page: _Page[Ticket]) -> None:
        self._pages.add(page)
        OPEN_PAGES.set(len(self._pages))
        if self._closed:
            page.stream.end()
        elif self._task is None:
            self._begin()
        elif not self._behind:
            self._tell_ready(page)

    def _leave(self, page: _Page[Ticket]) -> None:
        self._pages.discard(page)
        OPEN_PAGES.set(len(self._pages))
        self._left_at = _moment()

    def _begin(self) -> None:
        self._gathered = Gathered()
        self._news = asyncio.Event()
        self._listens = False
        self._behind = True  # pages wait to be told that they hear everything
        self._listens_since = self._left_at = _moment()
        self._heard_at: dict[tuple[str, int | None], float] = {}
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        listener = asyncio.create_task(Listener(heard=self._heard, listening=self._listening).run())
        try:
            while self._pages or _moment() - self._left_at < _LINGER_SECONDS:
                await self._wait()
                await self._tell()
        except Exception:  # whatever it is, nobody must take silence for quiet: the pages come again
            _log.exception("open pages could not be told of changes")
        finally:
            self._task = None
            self._end_all()
            listener.cancel()

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CHECK_SECONDS):
                await self._news.wait()
        await asyncio.sleep(_GATHER_SECONDS)
        self._news.clear()

    async def _tell(self) -> None:
        pages, changes = list(self._pages), self._gathered.take()
        try:
            audiences = await self._admit([page.ticket for page in pages]) if pages else []
        except DatabaseError:
            self._lose()
            await asyncio.sleep(_RETRY_SECONDS)
            self._news.set()
            return
        for page, audience in zip(pages, audiences, strict=True):
            _tell_changes(page, audience, changes)
        if self._behind and self._listens:
            self._catch_up()

    def _heard(self, change: Change) -> None:
        self._gathered.add(change)
        self._heard_at[change.grid, change.reseller] = _moment()
        self._news.set()

    def _listening(self, listens: bool) -> None:
        self._listens = listens
        if listens:
            self._news.set()
        else:
            self._lose()

    def _lose(self) -> None:
        if self._behind:
            return
        self._behind = True
        for page in self._pages:
            page.stream.tell_lost()

    def _catch_up(self) -> None:
        self._behind = False
        self._listens_since = _moment()
        self._heard_at.clear()
        for page in self._pages:
            self._tell_ready(page)

    def _tell_ready(self, page: _Page[Ticket]) -> None:
        heard = (at for about, at in self._heard_at.items() if page.audience.hears(*about))
        page.stream.tell_ready(_moment() - max(heard, default=self._listens_since))


def _tell_changes(page: _Page[Ticket], audience: Audience | None, changes: Sequence[Change]) -> None:
    if audience is None:
        page.stream.end()
        return
    page.audience = audience
    for change in changes:
        if audience.hears(change.grid, change.reseller):
            page.stream.tell(change)


def _moment() -> float:
    return asyncio.get_running_loop().time()
