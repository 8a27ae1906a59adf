"""Long work, whatever kind it is: the rooms register how one of theirs is found by its id.

All ids come from the one sequence ``job_id``, so an id belongs to one kind at most.
"""

from collections.abc import Callable
from typing import Any

from linecard.kernel.errors import Forbidden

# What a job tells of itself: ``id``, ``kind``, ``state``, ``progress`` in whole percent, and more by its kind.
Job = dict[str, Any]
# Finds a job that a user may see; None when it is of another kind, or not theirs to see.
Finder = Callable[[Any, int], Job | None]

_finders: list[Finder] = []


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
