"""Work on many cards that tests begin, and do here and now."""

from collections.abc import Callable
from typing import Any

import pytest

from linecard.accounts.actor import UserActor
from linecard.customers.bulk_work import starting, undoing
from linecard.customers.bulk_work.work import CardsWork
from linecard.customers.models import BulkResult, BulkWork, Customer
from linecard.customers.queries import visible_to

Edit = Callable[..., BulkWork]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few cards, so that a few cards make several, and few of them are written at once."""
    monkeypatch.setattr(starting, "BLOCK", 3)
    monkeypatch.setattr(starting, "BLOCKS_AT_ONCE", 2)
    monkeypatch.setattr(undoing, "BLOCK", 2)


@pytest.fixture
def edit(by: UserActor) -> Edit:
    """Edit all cards that the user sees, to the end: ``edit(status="inactive")``."""

    def begin(*, actor: UserActor = by, **changes: Any) -> BulkWork:
        return done(starting.begin_edit(visible_to(actor.user), changes=changes, by=actor))

    return begin


def done(work: BulkWork) -> BulkWork:
    """Do all that waits on a work, as a worker would."""
    going = CardsWork(work.pk)
    while going.advance():
        pass
    work.refresh_from_db()
    return work


def undone(work: BulkWork, by: UserActor) -> BulkWork:
    """Take a work back to the end."""
    return done(starting.undo_work(work_id=work.pk, by=by))


def outcomes(work: BulkWork) -> dict[str, str]:
    """What became of each card, by its name."""
    results = BulkResult.objects.filter(work=work).select_related("customer")
    return {result.customer.name: result.outcome for result in results}


def values(name: str) -> dict[str, Any]:
    """A value of every card, by the card's name."""
    return dict(Customer.objects.order_by("name").values_list("name", name))
