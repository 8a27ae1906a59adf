"""`linecard worker`: the process that carries out jobs."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import click

from linecard.config.commands.preparation import prepare_django

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper
    from procrastinate import App
    from procrastinate.contrib.django.django_connector import DjangoConnector

# A job gets this long to finish when the worker is told to stop. One that is cut off is done again.
_GRACEFUL_SECONDS = 5.0
# How late a planned change may be: a job whose time comes is found by looking, not announced.
_POLLING_SECONDS = 1.0
# What waits for others' servers has a lane of its own: a slow mail server holds up no planned change.
_MESSAGES = "messages"


@click.command(short_help="Run the worker alone.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 50),
    default=4,
    show_default=True,
    help="Jobs at the same time; as many sends beside them.",
)
def worker(concurrency: int) -> None:
    """Carry out jobs (planned changes, uploads, messages, upkeep) until told to stop.

    `linecard serve` does this for you. Any number of workers may run, on any machine that reaches the database.
    """
    prepare_django(serving=True)
    from django.db import connections
    from procrastinate.contrib.django import app

    from linecard.config import upkeep

    upkeep.register(app)
    try:
        with app.replace_connector(cast("DjangoConnector", app.connector).get_worker_connector()):
            asyncio.run(_work(app, concurrency))
    finally:
        for connection in connections.all(initialized_only=True):
            cast("DatabaseWrapper", connection).close_pool()


async def _work(app: "App", concurrency: int) -> None:
    """Carry out jobs in two lanes until a signal says to stop, or one of them cannot go on."""
    others = sorted({task.queue for task in app.tasks.values()} - {_MESSAGES})
    lanes = {"linecard": others, "linecard-messages": [_MESSAGES]}
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(len(lanes) * concurrency))
    async with app.open_async(), asyncio.TaskGroup() as group:
        workers = [
            group.create_task(
                app.run_worker_async(
                    name=name,
                    queues=queues,
                    concurrency=concurrency,
                    fetch_job_polling_interval=_POLLING_SECONDS,
                    shutdown_graceful_timeout=_GRACEFUL_SECONDS,
                    install_signal_handlers=False,
                )
            )
            for name, queues in lanes.items()
        ]

        def stop() -> None:
            while workers:  # once: a second signal must not cut off what the first one lets end
                workers.pop().cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
