"""How close the grid's statements come to hand-written SQL for the same rows.

``python -m bench.grid [--cards 1000000]`` makes a scratch database, fills it by COPY, and times both in turn in
the same run, so that only the ratio counts. That is of what the database takes to answer; the last column is the
95th percentile of the whole answer, with Python's part.
"""

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bench.scratch import scratch_database

if TYPE_CHECKING:
    from linecard.web.grid import Grid

COUNTRIES = ["DE", "GB", "US", "FR", "ES", "IT", "NL", "PL", "KE", "ZA", "BR", "IN", "JP", "AU", "CA", ""]
CURRENCIES = ["EUR", "EUR", "GBP", "USD", "USD", "JPY"]
FIRST = [
    "Atlas",
    "Baltic",
    "Delta",
    "Halo",
    "Iberia",
    "Nordic",
    "Orbit",
    "Pacific",
    "Quantum",
    "Swift",
    "Zen",
]
SECOND = [
    "Carrier",
    "Connect",
    "Global",
    "Link",
    "Mobile",
    "Networks",
    "Telecom",
    "Voice",
    "VoIP",
    "Wireless",
]
STATUSES = ["active"] * 6 + ["inactive", "pending_approval"]
TAGS = ["wholesale", "retail", "gold", "eu", "test"]
NOW = datetime(2026, 6, 1, tzinfo=UTC)

PAGE = 100
ROUNDS = 20
SHOWN = (
    "SELECT c.id, c.name, c.status, c.channels, c.cps, c.debit_limit_micros, c.currency, c.country, c.tags,"
    " c.account_manager_id, coalesce(nullif(u.name, ''), u.username), c.reseller_id, r.name, c.updated_at"
    " FROM customer c LEFT JOIN linecard_user u ON u.id = c.account_manager_id"
    " LEFT JOIN reseller r ON r.id = c.reseller_id"
)
INDEXED = {"status": "status, id", "currency": "currency, id", "country": "country, id"}
LIVE = "c.archived_at IS NULL"
COUNT = "SELECT count(*) FROM customer c WHERE"
GROUPED = (
    "SELECT country, status, currency, count(*), sum(channels), sum(cps), count(cps),"
    " sum(debit_limit_micros), max(tax) FROM customer c"
)


@dataclass(frozen=True)
class Case:
    """One question, and the best SQL for it that we can write by hand."""

    name: str
    query: dict[str, Any]
    sql: list[str]


@dataclass
class Stopwatch:
    """Adds up the seconds that statements take."""

    seconds: float = 0.0
    statements: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.seconds += time.perf_counter() - began


@dataclass(frozen=True)
class Figures:
    """Seconds: medians in the database of the grid and of the SQL by hand, and the slow end of the whole answer."""

    grid: float
    by_hand: float
    slow: float

    def __str__(self) -> str:
        ratio = self.grid / self.by_hand
        return f"{self.grid * 1000:9.1f} {self.by_hand * 1000:9.1f} {ratio:7.2f} {self.slow * 1000:11.1f}"


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description="Compare the grid's statements with hand-written SQL.")
    parser.add_argument("--cards", type=int, default=10_000)
    cards: int = parser.parse_args().cards
    with scratch_database():
        from linecard.customers.tables import CUSTOMERS

        fill(cards)
        print(f"{cards:,} cards, medians of {ROUNDS} rounds, milliseconds in the database\n")
        print(f"{'question':34} {'grid':>9} {'by hand':>9} {'ratio':>7} {'p95 in all':>11}")
        for case in cases(cards):
            figures = measure(CUSTOMERS, case)
            print(f"{case.name:34} {figures}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process: {peak:.0f} MiB")


def fill(cards: int) -> None:
    """Cards with plausible values, always the same ones."""
    from django.db import connection

    draw = random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # what serves has one; this may take minutes
        cursor.execute("INSERT INTO reseller (name, name_key, created_at) VALUES ('North', 'north', now())")
        columns = (
            "name, name_key, search, channels, cps, status, debit_limit_micros, minimum_payment_micros, tax,"
            " currency, tags, country, created_at, updated_at, paypal_email, website, portal_access, vars,"
            " invoice_schedule, invoice_due_days, external_accounting_id, rtp_firewall, street, city, region,"
            " postcode, approved_clis_only, email_verification, mobile_verification, version"
        )
        with cursor.copy(f"COPY customer ({columns}) FROM STDIN") as copy:
            for number in range(cards):
                copy.write_row(card(draw, number))
        cursor.execute(
            "INSERT INTO customer_meter (customer_id, balance_micros, reserved_micros, live_calls)"
            " SELECT id, 0, 0, 0 FROM customer"
        )
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def card(draw: random.Random, number: int) -> tuple[Any, ...]:
    """One row for COPY."""
    name = f"{draw.choice(FIRST)} {draw.choice(SECOND)} {number}"
    words = " ".join(f"'{word}'" for word in name.lower().split())
    moment = NOW - timedelta(seconds=draw.randrange(10_000_000))
    return (
        name,
        name.lower(),
        words,
        draw.choice([None, 0, 30, 120, 480]),
        draw.choice([None, 5, 50]),
        draw.choice(STATUSES),
        draw.choice([0, 100_000_000, -5_000_000]),
        0,
        0,
        draw.choice(CURRENCIES),
        draw.sample(TAGS, draw.randrange(3)),
        draw.choice(COUNTRIES),
        moment,
        moment,
        "",
        "",
        "{}",
        "",
        "none",
        14,
        "",
        "locked",
        "",
        "",
        "",
        "",
        False,
        False,
        False,
        1,
    )


def cases(cards: int) -> list[Case]:
    """The questions that the page asks all day."""
    shown = ["name", "status", "channels", "cps", "debit_limit", "currency", "country", "tags"]
    ask = {"limit": PAGE, "columns": [*shown, "account_manager", "reseller", "updated_at"]}
    every = f"{COUNT} {LIVE}"
    last = cards - PAGE
    return [
        Case("first page by name", ask, [every, page(LIVE, "name_key, id")]),
        Case(
            "middle page by name",
            {**ask, "offset": cards // 2},
            [every, deferred(LIVE, "name_key, id", cards // 2)],
        ),
        Case("last page by name", {**ask, "offset": last}, [every, page(LIVE, "name_key DESC, id DESC")]),
        Case(
            "scrolled to the middle",
            {**ask, "offset": cards // 2, "known_total": cards},
            [deferred(LIVE, "name_key, id", cards // 2)],
        ),
        Case(
            "scrolled to the end",
            {**ask, "offset": last, "known_total": cards},
            [page(LIVE, "name_key DESC, id DESC")],
        ),
        Case(
            "by country, downwards",
            {**ask, "sort": [{"column": "country", "direction": "desc"}]},
            [every, page(LIVE, "country DESC, id DESC")],
        ),
        Case(
            "by last change",
            {**ask, "sort": [{"column": "updated_at", "direction": "desc"}]},
            [every, page(LIVE, "updated_at DESC, id DESC")],
        ),
        *(
            Case(
                f"by {column}",
                {**ask, "sort": [{"column": column, "direction": "asc"}]},
                [every, page(LIVE, order)],
            )
            for column, order in INDEXED.items()
        ),
        Case(
            "two words searched",
            {**ask, "search": "nor tele"},
            with_count(f"{LIVE} AND c.search @@ '''nor'':* & ''tele'':*'::tsquery"),
        ),
        Case(
            "one country",
            {**ask, "filter": {"country": {"op": "equals", "value": "DE"}}},
            with_count(f"{LIVE} AND c.country = 'DE'"),
        ),
        Case(
            "groups, four values and a pivot",
            {
                "group_by": ["country", "status"],
                "values": {"channels": "sum", "cps": "avg", "debit_limit": "sum", "tax": "max"},
                "pivot": "status",
            },
            [f"{GROUPED} WHERE {LIVE} GROUP BY 1, 2, 3"],
        ),
    ]


def page(where: str, order: str) -> str:
    """The first rows of an order that an index gives."""
    return f"{SHOWN} WHERE {where} ORDER BY {order_of(order)} LIMIT {PAGE}"


def deferred(where: str, order: str, offset: int) -> str:
    """A far page: its ids first, so that no wide rows are carried along."""
    ordered = f"{where} ORDER BY {order_of(order)}"
    ids = f"SELECT id FROM customer c WHERE {ordered} LIMIT {PAGE} OFFSET {offset}"  # noqa: S608
    return f"{SHOWN} WHERE c.id IN ({ids}) ORDER BY {order_of(order)}"


def with_count(where: str) -> list[str]:
    """The number of rows and the first of them."""
    return [f"{COUNT} {where}", page(where, "name_key, id")]


def order_of(order: str) -> str:
    """Each term with its table."""
    return ", ".join(f"c.{term.strip()}" for term in order.split(","))


def measure(grid: "Grid", case: Case) -> Figures:
    """The grid's statements, and those by hand, in turn."""
    from django.db import connection

    from linecard.customers.models import Customer
    from linecard.web.grid import GridQuery

    query = GridQuery.model_validate(case.query)
    rounds: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS + 1):
        ours, by_hand = Stopwatch(), Stopwatch()
        began = time.perf_counter()
        with connection.execute_wrapper(ours):
            grid.run(Customer.objects.all(), query)
        whole = time.perf_counter() - began
        with connection.execute_wrapper(by_hand), connection.cursor() as cursor:
            for statement in case.sql:
                cursor.execute(statement)
                cursor.fetchall()
        rounds.append((ours.seconds, by_hand.seconds, whole))
    in_database, by_hand_seconds, whole_answers = zip(*rounds[1:], strict=True)  # the first warms up
    return Figures(
        grid=statistics.median(in_database),
        by_hand=statistics.median(by_hand_seconds),
        slow=statistics.quantiles(whole_answers, n=20)[-1],
    )


if __name__ == "__main__":
    main()
