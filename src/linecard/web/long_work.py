"""Long work in short transactions, each of which also notes how far it has come."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

T = TypeVar("T")

# A worker that is told to stop waits five seconds for its jobs: a stretch of work ends well before.
STRETCH_SECONDS = 2.0
_TRIES = 4


def work_a_stretch(advance: Callable[[], bool]) -> bool:
    """Advance until there is nothing more to do, or others shall have their turn; whether there is more to do."""
    until = time.monotonic() + STRETCH_SECONDS
    while more := advance():
        if time.monotonic() > until:
            break
    return more


def one_block(step: Callable[[], T]) -> T:
    """Do a step in a transaction of its own; one that collides with somebody else's write is tried again.

    Raises what nobody foresaw.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                _commit_without_waiting()
                return step()
        except (IntegrityError, OperationalError) as error:
            if attempt == _TRIES or not _is_collision(error):
                raise
    raise AssertionError("unreachable")


def commit_durably() -> None:
    """Whoever is told that it is done may rely on it: this commit waits for the disk, and with it all before."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO DEFAULT")


def _commit_without_waiting() -> None:
    """A crash may cost the last blocks then, each wholly and with its mark, and the work begins where the mark is."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _is_collision(error: Exception) -> bool:
    return isinstance(error, IntegrityError) or isinstance(error.__cause__, DeadlockDetected)
