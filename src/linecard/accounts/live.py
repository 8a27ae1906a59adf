"""Who may hear of changed rows: the stream of an open page ends with its session and follows its user's permissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from asgiref.sync import sync_to_async
from django.db import connection

from linecard.accounts.models import Session, User
from linecard.accounts.origin import may_come_from
from linecard.accounts.permissions import may
from linecard.accounts.scope import sees_everything
from linecard.kernel.clock import now
from linecard.web.live import Audience, Hub


@dataclass(frozen=True, slots=True)
class Ticket:
    """The session that opened a stream, as it was then; ``state`` changes when its user is signed out everywhere."""

    session_id: int
    user_id: int
    state: str
    address: str | None


@dataclass(frozen=True, slots=True)
class _Grid:
    area: str
    staff_only: bool


_grids: dict[str, _Grid] = {}


def register_live_grid(name: str, *, area: str, staff_only: bool = False) -> None:
    """Let whoever may read ``area`` hear of changes in the grid of this name."""
    _grids[name] = _Grid(area, staff_only)


def audience_of(user: User) -> Audience:
    """What the user may hear of."""
    grids = (
        name
        for name, grid in _grids.items()
        if may(user, grid.area, "read") and (sees_everything(user) or not grid.staff_only)
    )
    return Audience(frozenset(grids), user.reseller_id)


def admitted(tickets: Sequence[Ticket]) -> list[Audience | None]:
    """What each ticket's bearer may hear of now; None for whoever would not be let in any more. One statement."""
    sessions = Session.objects.select_related("user").filter(expires_at__gt=now())
    found = sessions.in_bulk({ticket.session_id for ticket in tickets})
    return [_admitted(ticket, found.get(ticket.session_id)) for ticket in tickets]


def _admitted(ticket: Ticket, session: Session | None) -> Audience | None:
    user = session.user if session else None
    if user is None or user.pk != ticket.user_id or not user.is_active:
        return None
    if user.get_session_auth_hash() != ticket.state or not may_come_from(user, ticket.address):
        return None
    return audience_of(user)


async def admit(tickets: Sequence[Ticket]) -> list[Audience | None]:
    """``admitted``, in a thread of its own."""
    return await sync_to_async(_admitted_apart, thread_sensitive=False)(tickets)


def _admitted_apart(tickets: Sequence[Ticket]) -> list[Audience | None]:
    try:
        return admitted(tickets)
    finally:
        connection.close()  # this thread belongs to no request, which would give its connection back


HUB = Hub(admit, bearer=attrgetter("user_id"))
