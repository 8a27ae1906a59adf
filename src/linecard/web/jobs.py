"""Long work, whatever kind it is: the rooms register how one of theirs is found by its id.

All ids come from the one sequence ``job_id``, so an id belongs to one kind at most.
"""

from collections.abc import Callable
from typing import Any

# What a job tells of itself: ``id``, ``kind``, ``state``, ``progress`` in whole percent, and more by its kind.
Job = dict[str, Any]
# Finds a job that a user may see; None when it is of another kind, or not theirs to see.
Finder = Callable[[Any, int], Job | None]

_finders: list[Finder] = []


def register(find: Finder) -> None:
    """Offer a kind of job; called when the program starts."""
    _finders.append(find)


def find_job(user: Any, job_id: int) -> Job | None:
    """The job of that id, if there is one that the user may see."""
    return next((job for find in _finders if (job := find(user, job_id)) is not None), None)
