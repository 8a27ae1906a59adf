"""The database's schema: what is missing, and how to bring it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Any number, the same for everybody who migrates this database.
_LOCK = 0x11_2E_CA_4D


def missing_migrations() -> list[str]:
    """Names of the migrations that this version knows and the database lacks, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> bool:
    """Apply what is missing; true when there was something. Machines that start together take turns."""
    if not missing_migrations():
        return False
    with _turn():
        call_command("migrate", interactive=False, verbosity=0)
    return True


@contextmanager
def _turn() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
