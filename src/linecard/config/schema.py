"""The database's schema: what is missing, and how to bring it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Any number, the same for everybody who prepares this database.
_LOCK = 0x11_2E_CA_4D


@contextmanager
def turn() -> Iterator[None]:
    """Machines that prepare the same database take turns."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def missing_migrations() -> list[str]:
    """Names of the migrations that this version knows and the database lacks, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> bool:
    """Apply what is missing; true when there was something."""
    if not missing_migrations():
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True
