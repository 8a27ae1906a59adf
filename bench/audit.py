"""What a long audit log costs: its pages, searches and filters beside hand-written SQL for the same entries.

``python -m bench.audit [--entries 1000000]`` makes a scratch database, fills it within it, and times both in turn in
the same run, so that only the ratio counts. Time is what the database takes to answer, without Python's part. At the
end: how soon an export of everything begins, and what writing entries costs with their words and without.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.grid import Stopwatch
from bench.grid import fill as fill_cards
from bench.scratch import scratch_database

PAGE = 100
ROUNDS = 5
CARDS = 10_000
WRITTEN = 20_000
SHOWN = "SELECT id, at, user_name, action, subject_type, changes, via, host(address) FROM audit_entry"
COUNT = "SELECT count(*) FROM audit_entry"
NEWEST = f"ORDER BY at DESC, id DESC LIMIT {PAGE}"
# Every entry changes one field of one of ten thousand cards from a number to another; every thousandth has a note.
FILL = """
INSERT INTO audit_entry
    (at, user_id, user_name, via, address, action, subject_type, subject_id, version, changes, note, words)
SELECT
    now() - (%(entries)s - n) * interval '1 second', n %% 50 + 1, 'Person ' || n %% 50, 'form',
    ('192.0.2.' || n %% 250)::inet, action, 'customer', n %% %(cards)s + 1, 1,
    jsonb_build_object(
        'channels', jsonb_build_array(n %% 1000, n %% 997), 'city', jsonb_build_array('Town ' || n %% 5000, 'Bath')
    ),
    CASE WHEN n %% 1000 = 0 THEN 'Asked for' ELSE '' END,
    array_to_tsvector(ARRAY[
        'person', (n %% 50)::text, 'customer', split_part(action, '.', 2), '192.0.2.' || n %% 250, '192', '0', '2',
        (n %% 250)::text, (n %% 1000)::text, (n %% 997)::text, 'town', (n %% 5000)::text, 'bath'
    ] || CASE WHEN n %% 1000 = 0 THEN ARRAY['asked', 'for'] ELSE '{}' END)
FROM generate_series(1, %(entries)s) AS n,
    LATERAL (SELECT CASE WHEN n %% 10 = 0 THEN 'customer.created' ELSE 'customer.updated' END AS action) AS done
"""


@dataclass(frozen=True)
class Case:
    """One question, and the best SQL for it that we can write by hand."""

    name: str
    query: dict[str, Any]
    where: str


def found(*words: str) -> str:
    """The entries that say each of some words, or are about a card that does."""
    ways = (
        f"(words @@ '''{word}'':*'::tsquery OR subject_type = 'customer' AND subject_id ="  # noqa: S608
        f" ANY(ARRAY(SELECT id FROM customer WHERE search @@ '''{word}'':*'::tsquery)))"
        for word in words
    )
    return " AND ".join(ways)


CASES = (
    Case("first page", {}, "true"),
    Case("a value and a card searched", {"search": "4711"}, found("4711")),
    Case("a note searched", {"search": "asked"}, found("asked")),
    Case("an address searched", {"search": "192.0.2.17"}, found("192.0.2.17")),
    Case("two words searched", {"search": "created 4711"}, found("created", "4711")),
    Case("a word of nine in ten searched", {"search": "updated"}, found("updated")),
    Case("by one user", {"filter": {"user_id": {"op": "equals", "value": 7}}}, "user_id = 7"),
    Case(
        "by name of the user",
        {"filter": {"who": {"op": "equals", "value": "person 7"}}},
        "upper(user_name) = 'PERSON 7'",
    ),
    Case(
        "any part of the changes",
        {"filter": {"changes": {"op": "contains", "value": "own 4711"}}},
        "upper(changes::text) LIKE '%%OWN 4711%%'",
    ),
)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description="Compare the audit log's statements with hand-written SQL.")
    parser.add_argument("--entries", type=int, default=10_000)
    entries: int = parser.parse_args().entries
    with scratch_database():
        fill_cards(CARDS)
        fill(entries)
        print(f"{entries:,} entries, medians of {ROUNDS} rounds, milliseconds in the database\n")
        print(f"{'question':34} {'log':>9} {'by hand':>9} {'ratio':>7}")
        for case in CASES:
            log, by_hand = measure(case)
            print(f"{case.name:34} {log * 1000:9.1f} {by_hand * 1000:9.1f} {log / by_hand:7.2f}")
        print(f"\nthe export begins after {export_begins() * 1000:.1f} ms")
        tell_writing()


def fill(entries: int) -> None:
    """Entries made by the database itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # what serves has one; this may take minutes
        cursor.execute(FILL, {"entries": entries, "cards": CARDS})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def measure(case: Case) -> tuple[float, float]:
    """Median seconds in the database: the log's statements, and those by hand, in turn."""
    from django.db import connection

    from linecard.accounts.audit_log import audit_grid
    from linecard.audit.models import AuditEntry
    from linecard.web.grid import GridQuery

    shown = [column.name for column in audit_grid().columns.values() if column.shown_first]
    query = GridQuery.model_validate({**case.query, "limit": PAGE, "columns": shown})
    rounds: list[tuple[float, float]] = []
    for _ in range(ROUNDS + 1):
        log, by_hand = Stopwatch(), Stopwatch()
        with connection.execute_wrapper(log):
            audit_grid().run(AuditEntry.objects.all(), query)
        with connection.execute_wrapper(by_hand), connection.cursor() as cursor:
            for statement in (COUNT, SHOWN):
                cursor.execute(
                    f"{statement} WHERE {case.where}{f' {NEWEST}' if statement is SHOWN else ''}", []
                )
                cursor.fetchall()
        rounds.append((log.seconds, by_hand.seconds))
    warm = rounds[1:]
    return statistics.median(one for one, _ in warm), statistics.median(other for _, other in warm)


def export_begins() -> float:
    """Seconds until the first entries of a whole export are there."""
    from linecard.accounts.audit_log import exported
    from linecard.audit.models import AuditEntry

    def begin() -> None:
        portions = exported(AuditEntry.objects.all())
        next(portions)
        next(portions)

    return seconds_of(begin)


def tell_writing() -> None:
    """What an entry costs when many are written at once: as it is, and without the index of the words."""
    from django.db import connection, transaction

    from linecard.audit.actor import SYSTEM
    from linecard.audit.trail import Entry, record_many

    entries = [
        Entry("customer.updated", number, {"city": (f"Town {number}", "Bath"), "channels": (number, 5)})
        for number in range(WRITTEN)
    ]

    def write(*, indexed: bool) -> float:
        with transaction.atomic():
            if not indexed:
                with connection.cursor() as cursor:
                    cursor.execute("DROP INDEX audit_words")
            spent = seconds_of(lambda: record_many(by=SYSTEM, subject_type="customer", entries=entries))
            transaction.set_rollback(True)
        return spent / WRITTEN * 1_000_000

    costs = {
        indexed: statistics.median(write(indexed=indexed) for _ in range(3)) for indexed in (True, False)
    }
    print(
        f"writing an entry among many: {costs[True]:.0f} µs, without the index of words {costs[False]:.0f} µs"
    )


def seconds_of(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
