"""What `linecard doctor` notices, one thing at a time."""

import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.config import diagnosis, environment, schema
from linecard.config.diagnosis import Finding
from linecard.setup.actions import change_settings
from tests.config.conftest import Installation
from tests.peers.smtp import HOST, smtp_server

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder with a key in it."""
    (tmp_path / "secret-key").touch(mode=0o600)
    return tmp_path


def add_job(status: str, *, age_seconds: int = 0, heartbeat_age_seconds: int | None = None) -> None:
    """A job as the worker would have left it."""
    event = {"failed": "failed", "doing": "started", "todo": "deferred"}[status]
    with connection.cursor() as cursor:
        worker = None
        if heartbeat_age_seconds is not None:
            worker = add_worker(age_seconds=heartbeat_age_seconds)
        cursor.execute("alter table procrastinate_jobs disable trigger user")
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, worker_id) values ('q', 't', %s, %s)"
            " returning id",
            [status, worker],
        )
        cursor.execute(
            "insert into procrastinate_events (job_id, type, at)"
            " select max(id), %s, now() - make_interval(secs => %s) from procrastinate_jobs",
            [event, age_seconds],
        )
        cursor.execute("alter table procrastinate_jobs enable trigger user")


def add_worker(*, age_seconds: int) -> int:
    """A worker that told of itself some time ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat)"
            " values (now() - make_interval(secs => %s)) returning id",
            [age_seconds],
        )
        (found,) = cursor.fetchone() or (0,)
        return int(found)


def test_a_full_disk(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 3 << 30))
    assert diagnosis.disk(data_dir) == Finding("disk", f"3.0 GB free below {data_dir}")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 1 << 29))
    assert diagnosis.disk(data_dir) == Finding(
        "disk", f"0.5 GB free below {data_dir}", "Free some space: a database whose disk is full stops."
    )


def test_a_key_that_others_can_read(data_dir: Path) -> None:
    assert diagnosis.private_files(data_dir) == Finding("private files", "closed to other accounts")
    (data_dir / "secret-key").chmod(0o640)
    assert diagnosis.private_files(data_dir) == Finding(
        "private files",
        "secret-key can be opened by other accounts",
        f"Run: chmod go= '{data_dir}/secret-key'",
    )


@pytest.mark.django_db
def test_a_server_that_answers() -> None:
    finding = diagnosis.server()
    assert finding.good
    assert finding.detail.startswith("PostgreSQL ")
    assert finding.detail.endswith(", UTF8")


@pytest.mark.django_db
def test_a_server_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "OLDEST_POSTGRESQL", 99)
    assert diagnosis.server().remedy == "Linecard needs PostgreSQL 99 or newer."


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        (None, "Start it with `linecard serve` (as the account that owns the data folder)."),
        ("postgresql://x/y", "Check DATABASE_URL, and that its server runs and lets this machine in."),
    ],
)
def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, url: str | None, remedy: str) -> None:
    def refuse() -> None:
        raise ConnectionError("nobody there\nsecond line")

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(environment, "own_database_url", lambda: url)
    assert diagnosis.server() == Finding("database", "cannot be reached: nobody there", remedy)


@pytest.mark.django_db
def test_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    assert diagnosis.migrations() == Finding("migrations", "up to date")
    monkeypatch.setattr(schema, "missing_migrations", lambda: ["customers.0009_more", "web.0002_other"])
    assert diagnosis.migrations() == Finding(
        "migrations", "2 are missing, first customers.0009_more", "Run `linecard migrate`."
    )


@pytest.mark.django_db
def test_workers() -> None:
    add_worker(age_seconds=31)
    assert diagnosis.worker().detail == "none is alive"
    assert not diagnosis.worker().good
    add_worker(age_seconds=29)
    assert diagnosis.worker() == Finding("worker", "1 alive")


@pytest.mark.django_db
def test_jobs() -> None:
    add_job("failed", age_seconds=25 * 3600)
    add_job("doing", heartbeat_age_seconds=5)
    add_job("todo", age_seconds=100)
    assert diagnosis.jobs() == Finding("jobs", "0 failed in the last day, 0 stalled, 0 overdue")
    add_job("doing", heartbeat_age_seconds=31)
    add_job("doing")
    add_job("todo", age_seconds=130)
    finding = diagnosis.jobs()
    assert (finding.good, finding.detail) == (False, "0 failed in the last day, 2 stalled, 1 overdue")
    add_job("failed", age_seconds=60)
    finding = diagnosis.jobs()
    assert (finding.detail, finding.remedy) == (
        "1 failed in the last day, 2 stalled, 1 overdue",
        "The worker's log tells why they failed.",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("skew_seconds", "good"), [(0, True), (60, False), (-60, False)])
def test_clocks(monkeypatch: pytest.MonkeyPatch, skew_seconds: int, good: bool) -> None:
    class Skewed(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(seconds=skew_seconds)

    monkeypatch.setattr(diagnosis, "datetime", Skewed)
    finding = diagnosis.clock()
    assert finding.good is good
    if not good:
        assert finding.detail.endswith(f"{'ahead of' if skew_seconds > 0 else 'behind'} the database's")


def test_doctor_on_a_healthy_installation(running: Installation) -> None:
    done = running.run("doctor")
    assert done.returncode == 0, done.stdout
    subjects = ["disk", "private files", "database", "migrations", "worker", "jobs", "clock", "mail"]
    assert [line[7:21].strip() for line in done.stdout.splitlines()] == subjects
    assert all(line.startswith("ok ") for line in done.stdout.splitlines())


def test_doctor_without_a_database(installation: Installation) -> None:
    done = installation.run("doctor")
    assert done.returncode == 1
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert len(wrong) == 1
    assert wrong[0].startswith("WRONG  database       cannot be reached: ")
    assert done.stdout.endswith(
        "Start it with `linecard serve` (as the account that owns the data folder).\n"
    )


@pytest.mark.django_db
def test_a_mail_server_that_lets_us_in_or_not_is_told(admin: User) -> None:
    by = acting(admin, via="form")
    assert diagnosis.mail() == Finding("mail", "no mail server is set")
    with smtp_server() as peer:
        where = {"email.host": HOST, "email.port": peer.port, "email.security": "none"}
        change_settings(where, by=by)
        assert "No From address" in diagnosis.mail().detail
        change_settings({"email.from_address": "noc@carrier.example"}, by=by)
        assert diagnosis.mail() == Finding("mail", f"{HOST}:{peer.port} lets us in")
        assert peer.received == []
    gone = diagnosis.mail()
    assert not gone.good
    assert "cannot be reached: Connection refused" in gone.detail
