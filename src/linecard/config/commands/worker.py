"""`linecard worker`: the process that carries out jobs."""

from typing import TYPE_CHECKING, cast

import click

from linecard.config.commands.preparation import prepare_django

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper
    from procrastinate.contrib.django.django_connector import DjangoConnector

# A job gets this long to finish when the worker is told to stop. One that is cut off is done again.
_GRACEFUL_SECONDS = 5.0
# How late a planned change may be: a job whose time comes is found by looking, not announced.
_POLLING_SECONDS = 1.0


@click.command(short_help="Run the worker alone.")
@click.option(
    "--concurrency", type=click.IntRange(1, 50), default=4, show_default=True, help="Jobs at the same time."
)
def worker(concurrency: int) -> None:
    """Carry out jobs (planned changes and upkeep) until told to stop.

    `linecard serve` does this for you. Any number of workers may run, on any machine that reaches the database.
    """
    prepare_django(serving=True)
    from django.db import connections
    from procrastinate.contrib.django import app

    from linecard.config import upkeep

    upkeep.register(app)
    try:
        with app.replace_connector(cast("DjangoConnector", app.connector).get_worker_connector()):
            app.run_worker(
                name="linecard",
                concurrency=concurrency,
                fetch_job_polling_interval=_POLLING_SECONDS,
                shutdown_graceful_timeout=_GRACEFUL_SECONDS,
            )
    finally:
        for connection in connections.all(initialized_only=True):
            cast("DatabaseWrapper", connection).close_pool()
