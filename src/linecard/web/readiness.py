"""Whether this installation can do its work: database, migrations, worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from procrastinate.contrib.django.models import ProcrastinateWorker

from linecard.kernel import clock

# Workers report every 10 seconds; after half a minute of silence their jobs are given to others.
WORKER_SILENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be right, whether it is, and what to do if not."""

    name: str
    ok: bool
    detail: str


def check_all() -> list[Check]:
    """All checks, in the order in which to repair. Never raises for a database that is down."""
    return [_tried("database", _database), _tried("migrations", _migrations), _tried("worker", _worker)]


def _tried(name: str, question: Callable[[], str]) -> Check:
    try:
        problem = question()
    except DatabaseError:
        problem = "The database does not answer."
    return Check(name, not problem, problem or "ok")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} migrations are not applied: run 'linecard migrate'." if missing else ""


@lru_cache(maxsize=1)
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _worker() -> str:
    latest = (
        ProcrastinateWorker.objects.order_by("-last_heartbeat")
        .values_list("last_heartbeat", flat=True)
        .first()
    )
    if latest is None:
        return "No worker runs: start 'linecard worker' or 'linecard serve'."
    if clock.now() - latest > WORKER_SILENCE:
        return f"The last worker was heard at {latest:%Y-%m-%d %H:%M:%S} UTC: start 'linecard worker'."
    return ""
