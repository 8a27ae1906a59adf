"""What following costs: the database, a write of many cards, and the time until every open page has heard.

``python -m bench.live [--pages 200] [--cards 100000]`` makes a scratch database, writes cards with and without the
triggers in turn, and then opens pages in this process and times changes of one card.
"""

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import Callable, Sequence

from bench.scratch import scratch_database

ROUNDS = 5
CHANGES = 20
MOST_SECONDS = 1.0
INSERT = (
    "INSERT INTO customer (name, name_key, currency, status, debit_limit_micros, minimum_payment_micros, tax,"
    " paypal_email, website, portal_access, tags, vars, invoice_schedule, invoice_due_days, external_accounting_id,"
    " rtp_firewall, street, city, region, postcode, country, approved_clis_only, email_verification,"
    " mobile_verification, version, search, created_at, updated_at)"
    " SELECT 'C' || n, 'c' || n, 'EUR', 'active', 0, 0, 0, '', '', '{}', '{}', '', 'none', 14, '', 'locked', '', '',"
    " '', '', '', false, false, false, 1, '', now(), now() FROM generate_series(1, %s) n"
)
UPDATE = "UPDATE customer SET status = CASE status WHEN 'active' THEN 'inactive' ELSE 'active' END"


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description="Measure what following changes costs.")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--cards", type=int, default=100_000)
    given = parser.parse_args()
    with scratch_database():
        compare_writes(given.cards)
        asyncio.run(watch(given.pages))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {megabytes:.0f} MB")


def compare_writes(cards: int) -> None:
    """Write many cards with the triggers and without, in turn, and take it back each time."""
    seconds: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for triggers in ("DISABLE", "ENABLE"):
            for name, took in _written(cards, triggers).items():
                seconds.setdefault((name, triggers), []).append(took)
    for name in ("INSERT", "UPDATE"):
        plain, announced = (min(seconds[name, triggers]) for triggers in ("DISABLE", "ENABLE"))
        print(
            f"{name} of {cards:,} cards: {plain:.2f} s, announced {announced:.2f} s, {announced / plain:.2f} x"
        )


def _written(cards: int, triggers: str) -> dict[str, float]:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"ALTER TABLE customer {triggers} TRIGGER USER")
        took = {
            "INSERT": _timed(lambda: cursor.execute(INSERT, [cards])),
            "UPDATE": _timed(lambda: cursor.execute(UPDATE)),
        }
        transaction.set_rollback(True)
    return took


async def watch(pages: int) -> None:
    """Time from the commit of a change until the last of so many pages has been told."""
    from asgiref.sync import sync_to_async

    from linecard.web.live import Audience, Hub

    audience = Audience(frozenset({"customers"}), None)

    async def admit(tickets: Sequence[int]) -> list[Audience | None]:
        return [audience] * len(tickets)

    hub: Hub[int] = Hub(admit)
    streams = [hub.messages(number, audience) for number in range(pages)]
    await asyncio.gather(*(anext(stream) for stream in streams))
    seconds = []
    for number in range(CHANGES):
        told = [asyncio.ensure_future(anext(stream)) for stream in streams]
        await sync_to_async(_change)(number)
        began = time.perf_counter()
        await asyncio.gather(*told)
        seconds.append(time.perf_counter() - began)
    listeners = await sync_to_async(_listeners)()
    worst = max(seconds)
    usual = statistics.median(seconds)
    print(f"{pages} pages: told after {usual:.3f} s, at most {worst:.3f} s; {listeners} listener")
    assert worst < MOST_SECONDS
    assert listeners == 1
    for stream in streams:
        await stream.aclose()


def _change(number: int) -> None:
    from linecard.web.live import announce

    announce("customers", ids=[number], reseller=None)


def _listeners() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        return int(cursor.fetchone()[0])


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
