"""What is measured, in Prometheus' words. Nothing here tells who the customers are or what they owe."""

import contextlib
import time
from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client import Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# when each was first counted is of no use to anybody
disable_created_metrics()  # type: ignore[no-untyped-call]

REQUESTS = Counter("linecard_http_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "linecard_http_request_seconds",
    "Time until the answer began.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_JOB_STATES = {"todo": "waiting", "doing": "running", "failed": "failed"}


def count_request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. ``route`` is a route's name; unknown methods share one label."""
    known = method if method in _METHODS else "other"
    REQUESTS.labels(method=known, route=route, status=str(status)).inc()
    REQUEST_SECONDS.labels(method=known, route=route).observe(seconds)


def exposition() -> bytes:
    """All metrics of this process, as Prometheus reads them."""
    return generate_latest(REGISTRY)


class _DatabaseCollector(Collector):
    """Asks the database when, and only when, the metrics are read."""

    def describe(self) -> list[Metric]:
        return []  # names are not checked at registration, which would already ask the database

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("linecard_database_up", "1 when the database answers.")
        began = time.perf_counter()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        ping = GaugeMetricFamily("linecard_database_ping_seconds", "Time of the simplest query.")
        ping.add_metric([], time.perf_counter() - began)
        up.add_metric([], 1)
        yield from (up, ping)
        with contextlib.suppress(DatabaseError):  # before the first migration there is no table
            yield _jobs_metric(_count_jobs())


def _count_jobs() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing', 'failed') GROUP BY status"
        )
        return dict(cursor.fetchall())


def _jobs_metric(counts: dict[str, int]) -> Metric:
    metric = GaugeMetricFamily("linecard_jobs", "Background jobs by state.", labels=["state"])
    for status, state in _JOB_STATES.items():
        metric.add_metric([state], counts.get(status, 0))
    return metric


REGISTRY.register(_DatabaseCollector())
