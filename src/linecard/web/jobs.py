"""Long work, whatever kind it is: the rooms register how one of theirs is found by its id.

All ids come from the one sequence ``job_id``, so an id belongs to one kind at most.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from linecard.kernel.clock import write_moment, write_moment_or_none
from linecard.kernel.errors import Forbidden

# What a job tells of itself: ``id``, ``kind``, ``state``, ``progress`` in whole percent, and more by its kind.
Job = dict[str, Any]
# Finds a job that a user may see; None when it is of another kind, or not theirs to see.
Finder = Callable[[Any, int], Job | None]

_finders: list[Finder] = []


class LongWork(Protocol):
    """A row that keeps how far long work has come."""

    pk: int
    state: str
    problem: str
    made_by: Any
    made_at: datetime
    finished_at: datetime | None

    @property
    def progress(self) -> int:
        """How much of the present work is done, in whole percent."""


def spell(work: LongWork) -> Job:
    """What every kind of long work tells of itself, beside its kind."""
    return {
        "id": work.pk,
        "state": work.state,
        "progress": work.progress,
        "problem": work.problem,
        "made_by": str(work.made_by),
        "made_at": write_moment(work.made_at),
        "finished_at": write_moment_or_none(work.finished_at),
    }


def register(find: Finder) -> None:
    """Offer a kind of job; called when the program starts."""
    _finders.append(find)


def find_job(user: Any, job_id: int) -> Job | None:
    """The job of that id, if there is one that the user may see.

    Raises ``Forbidden`` when there is none of the kinds that they may see, and there are others.
    """
    refusal: Forbidden | None = None
    for find in _finders:
        try:
            job = find(user, job_id)
        except Forbidden as error:
            refusal = refusal or error
        else:
            if job is not None:
                return job
    if refusal is not None:
        raise refusal
    return None
