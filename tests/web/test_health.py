"""What load balancers and Prometheus ask: nobody signs in for these, and they tell nothing about customers."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateWorker

from linecard.kernel import clock
from linecard.web.tasks import forget_old_answers


@pytest.fixture
def running_worker(db: None) -> None:
    heartbeat(seconds_ago=5)


def heartbeat(*, seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)",
            [clock.now() - timedelta(seconds=seconds_ago)],
        )


def no_database() -> Any:
    refusal = OperationalError("connection to server at 10.0.0.5 failed")
    return patch.object(connection, "cursor", side_effect=refusal)


def test_health_asks_no_database(browser: Client) -> None:
    response = browser.get("/healthz")  # without the db fixture a query would fail
    assert response.status_code == 200
    assert response.json() == {"status": "up"}


@pytest.mark.usefixtures("running_worker")
def test_ready(browser: Client) -> None:
    response = browser.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {
            "database": {"ok": True, "detail": "ok"},
            "migrations": {"ok": True, "detail": "ok"},
            "worker": {"ok": True, "detail": "ok"},
        },
    }


@pytest.mark.django_db
def test_not_ready_without_a_worker(browser: Client) -> None:
    response = browser.get("/readyz")
    assert response.status_code == 503
    body = response.json()
    assert body["status"] == "not ready"
    assert body["checks"]["worker"] == {
        "ok": False,
        "detail": "No worker runs: start 'linecard worker' or 'linecard serve'.",
    }
    assert body["checks"]["database"]["ok"]


@pytest.mark.django_db
def test_a_silent_worker_is_no_worker(browser: Client) -> None:
    heartbeat(seconds_ago=31)
    response = browser.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["worker"]["detail"].startswith("The last worker was heard at 20")
    heartbeat(seconds_ago=1)
    assert browser.get("/readyz").status_code == 200
    assert ProcrastinateWorker.objects.count() == 2


@pytest.mark.usefixtures("running_worker")
def test_not_ready_while_a_migration_is_missing(browser: Client) -> None:
    MigrationRecorder(connection).record_unapplied("web", "0001_initial")
    response = browser.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == {
        "ok": False,
        "detail": "1 migrations are not applied: run 'linecard migrate'.",
    }


@pytest.mark.django_db
def test_not_ready_without_a_database_and_silent_about_where_it_is(browser: Client) -> None:
    with no_database():
        response = browser.get("/readyz")
    assert response.status_code == 503
    checks = response.json()["checks"]
    assert [check["ok"] for check in checks.values()] == [False, False, False]
    assert checks["database"]["detail"] == "The database does not answer."
    assert b"10.0.0.5" not in response.content


def measured(browser: Client) -> dict[str, float]:
    response = browser.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=")
    lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_metrics_tell_of_database_and_jobs(browser: Client) -> None:
    forget_old_answers.configure(queueing_lock="one").defer(timestamp=0)
    forget_old_answers.configure(queueing_lock="two").defer(timestamp=1)
    metrics = measured(browser)
    assert metrics["linecard_database_up"] == 1
    assert 0 < metrics["linecard_database_ping_seconds"] < 5
    jobs = {name: value for name, value in metrics.items() if name.startswith("linecard_jobs")}
    assert jobs == {
        'linecard_jobs{state="waiting"}': 2,
        'linecard_jobs{state="running"}': 0,
        'linecard_jobs{state="failed"}': 0,
    }


@pytest.mark.django_db
def test_metrics_without_a_database(browser: Client) -> None:
    with no_database():
        metrics = measured(browser)
    assert metrics["linecard_database_up"] == 0
    assert not any(name.startswith("linecard_jobs") for name in metrics)


@pytest.mark.django_db
def test_metrics_hold_only_bounded_labels(browser: Client) -> None:
    browser.get("/page/a-customer-s-name?q=secret")
    labels = {
        label for name in measured(browser) for label in re.findall(r'(\w+)="', name) if "linecard_" in name
    }
    assert labels <= {"method", "route", "status", "le", "state"}
    assert not any("a-customer" in name or "secret" in name for name in measured(browser))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_only_answer_questions(browser: Client, path: str) -> None:
    assert browser.post(path).status_code == 405
