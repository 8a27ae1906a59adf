"""How close an export of every card comes to a plain COPY of the same rows and columns, and what memory it takes.

``python -m bench.export [--cards 1000000]`` makes a scratch database, fills it, and takes in turn in the same run: what
PostgreSQL itself writes as CSV, and the files of the product. Only the ratio counts.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator

from bench.grid import fill
from bench.scratch import scratch_database

ROUNDS = 3
COPY = (
    "COPY (SELECT c.name, c.status, c.channels, c.cps, c.debit_limit_micros / 1000000.0, c.currency, c.country,"
    " array_to_string(c.tags, ', '), coalesce(nullif(u.name, ''), u.username), r.name, c.updated_at"
    " FROM customer c LEFT JOIN linecard_user u ON u.id = c.account_manager_id"
    " LEFT JOIN reseller r ON r.id = c.reseller_id WHERE c.archived_at IS NULL"
    " ORDER BY c.name_key, c.id) TO STDOUT WITH (FORMAT csv)"
)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description="Compare exports with a plain COPY of the same rows.")
    parser.add_argument("--cards", type=int, default=10_000)
    cards: int = parser.parse_args().cards
    with scratch_database():
        fill(cards)
        before = _peak_mebibytes()
        ways: dict[str, Callable[[], Iterator[bytes]]] = {
            "plain COPY": _copied,
            "csv": lambda: _exported("csv"),
            "xlsx": lambda: _exported("xlsx"),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        sizes: dict[str, int] = {}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                began = time.perf_counter()
                sizes[name] = sum(map(len, way()))
                seconds[name].append(time.perf_counter() - began)
        _tell(cards, seconds, sizes)
        print(f"\npeak memory: {_peak_mebibytes():.0f} MiB, of which {before:.0f} MiB before the first file")


def _tell(cards: int, seconds: dict[str, list[float]], sizes: dict[str, int]) -> None:
    print(f"{cards:,} cards, the best of {ROUNDS} rounds\n")
    print(f"{'way':12} {'seconds':>9} {'MiB':>8} {'ratio':>7}")
    plain = min(seconds["plain COPY"])
    for name, took in seconds.items():
        print(f"{name:12} {min(took):9.2f} {sizes[name] / 2**20:8.1f} {min(took) / plain:7.2f}")


def _copied() -> Iterator[bytes]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # one long statement, which nothing that serves may run
        with cursor.copy(COPY) as copy:
            for portion in copy:
                yield bytes(portion)
        cursor.execute("RESET statement_timeout")


def _exported(file_format: str) -> Iterator[bytes]:
    from django.utils import timezone

    from linecard.customers.models import Customer
    from linecard.customers.tables import CUSTOMERS
    from linecard.web.grid import ExportQuery, export_of
    from linecard.web.sheets import delimited, workbook

    columns = [column.name for column in CUSTOMERS.columns.values() if column.shown_first]
    query = ExportQuery.model_validate({"format": file_format, "columns": columns})
    export = export_of(CUSTOMERS, Customer.objects.all(), query)
    if file_format == "csv":
        return delimited(export.table, byte_order_mark=True)
    zone = timezone.get_current_timezone()
    return workbook(export.table, name="Customers", zone=zone, expected_rows=export.rows or 0)


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
