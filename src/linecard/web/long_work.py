"""Long work in short transactions, each of which also notes how far it has come."""

import logging
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from procrastinate import RetryStrategy
from psycopg.errors import DeadlockDetected

from linecard.kernel.regional import regional_kept

_log = logging.getLogger(__name__)

T = TypeVar("T")

# A worker that is told to stop waits five seconds for its jobs: a stretch of work ends well before.
STRETCH_SECONDS = 2.0
_TRIES = 4
_RETRIES = 5

# Of a job that works a stretch: a database that does not answer is asked again a few times.
RETRY = RetryStrategy(max_attempts=_RETRIES, wait=2, retry_exceptions=[OperationalError])


class Work(Protocol):
    """One process's work on something long."""

    def advance(self) -> bool:
        """Do the next block; False when there is nothing more to do."""

    def fail(self, reason: str) -> bool:
        """Say that something unforeseen stopped the work; whether there is more to do all the same."""


def work_a_stretch(work: Work, *, attempts: int) -> bool:
    """Work until there is nothing more to do, or others shall have their turn; whether there is more to do.

    ``attempts`` is how often the job was tried before. Raises ``OperationalError`` while it may be tried again.
    """
    try:
        return _advance(work)
    except OperationalError:
        if attempts < _RETRIES:
            raise
        return work.fail("The database did not answer in time.")
    except Exception:
        _log.exception("long work cannot go on: %s", work)
        return work.fail("Something unforeseen went wrong; the server's log tells more.")


def _advance(work: Work) -> bool:
    until = time.monotonic() + STRETCH_SECONDS
    with regional_kept():
        while more := work.advance():
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
