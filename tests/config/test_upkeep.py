"""The queue's own upkeep, on a real queue."""

import asyncio
from collections.abc import Iterator

import pytest
from django.db import connection
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.testing import InMemoryConnector

from linecard.config import upkeep


def test_both_run_on_their_own() -> None:
    app = App(connector=InMemoryConnector())
    upkeep.register(app)
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules == {
        "upkeep.retry_stalled_jobs": "* * * * * */15",
        "upkeep.forget_finished_jobs": "17 3 * * *",
    }


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """An empty queue that other connections see too."""
    _forget_all()
    yield
    _forget_all()


def _forget_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers, procrastinate_events cascade")


def add_job(name: str, status: str, *, heartbeat_age_seconds: int | None, event_age_hours: int = 0) -> None:
    """A job in a state, of a worker that told of itself some time ago (None: of one that is gone)."""
    with connection.cursor() as cursor:
        worker = None
        if heartbeat_age_seconds is not None:
            cursor.execute(
                "insert into procrastinate_workers (last_heartbeat)"
                " values (now() - make_interval(secs => %s)) returning id",
                [heartbeat_age_seconds],
            )
            (worker,) = cursor.fetchone() or (None,)
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, worker_id) values ('q', %s, %s, %s)",
            [name, status, worker],
        )
        event = {"doing": "started", "todo": "deferred"}.get(status, status)
        cursor.execute(
            "insert into procrastinate_events (job_id, type, at)"
            " select max(id), %s, now() - make_interval(hours => %s) from procrastinate_jobs",
            [event, event_age_hours],
        )


def jobs() -> dict[str, str]:
    """Each job's state, by name."""
    with connection.cursor() as cursor:
        cursor.execute("select task_name, status::text from procrastinate_jobs")
        return dict(cursor.fetchall())


def run(task: str) -> None:
    """Run one of the tasks as the worker does."""

    async def once() -> None:
        app = App(connector=PsycopgConnector(kwargs=connector_params()))
        upkeep.register(app)
        async with app.open_async():
            await app.tasks[task].func(timestamp=0)

    asyncio.run(once())


@pytest.mark.usefixtures("queue")
def test_only_the_jobs_of_dead_workers_are_taken_up_again() -> None:
    add_job("alive", "doing", heartbeat_age_seconds=5)
    add_job("dead", "doing", heartbeat_age_seconds=60)
    add_job("gone", "doing", heartbeat_age_seconds=None)
    add_job("failed", "failed", heartbeat_age_seconds=60)
    run("upkeep.retry_stalled_jobs")
    assert jobs() == {"alive": "doing", "dead": "todo", "gone": "todo", "failed": "failed"}


@pytest.mark.usefixtures("queue")
def test_what_ended_a_month_ago_is_forgotten() -> None:
    for name, status, days in (
        ("old", "succeeded", 31),
        ("old failure", "failed", 31),
        ("new", "succeeded", 29),
        ("waiting", "todo", 31),
    ):
        add_job(name, status, heartbeat_age_seconds=None, event_age_hours=24 * days)
    run("upkeep.forget_finished_jobs")
    assert jobs() == {"new": "succeeded", "waiting": "todo"}
