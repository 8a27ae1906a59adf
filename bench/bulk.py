"""What a bulk edit with history costs against one UPDATE and one INSERT … SELECT of the same.

``python -m bench.bulk [--cards 100000] [--of 1000000]`` makes a scratch database whose commits wait for the disk,
with so many cards in it, and edits some of them: once by hand in two statements, once as a user would. Both put
cards from *active* to *inactive* with 60 channels, on different cards that are mixed alike. Only the ratios count.
The preview over all cards is timed as well, against one that only counts.
"""

import argparse
import time
from collections.abc import Callable

from bench.scratch import scratch_database

BLOCK = 2_000
CURRENCIES = ("EUR", "GBP", "USD", "JPY", "KWD")
COUNTRIES = ("DE", "GB", "US", "CH", "PL", "FR", "KE", "BR")
CHANGES = {"status": "inactive", "channels": 60}
MOST = 5.0

_UPDATE = """
    UPDATE customer SET status = 'inactive', channels = 60, version = version + 1, updated_at = now()
    WHERE id %% 2 = 1 AND id <= %s
"""
_INSERT = """
    INSERT INTO audit_entry
        (at, user_id, user_name, via, address, subject_type, action, subject_id, version, changes, note, words)
    SELECT now(), %s, 'bench', 'bulk', NULL, 'customer', 'customer.updated', id, version + 1,
        jsonb_build_object('status', jsonb_build_array(status, 'inactive'),
                           'channels', jsonb_build_array(channels, 60)),
        %s, array_to_tsvector(%s::text[] || coalesce(channels, 60)::text)
    FROM customer WHERE id %% 2 = 1 AND id <= %s
"""


def main() -> None:
    """Make cards, edit them twice, print."""
    parser = argparse.ArgumentParser(description="Compare a bulk edit with two statements by hand.")
    parser.add_argument("--cards", type=int, default=100_000, help="how many are edited each time")
    parser.add_argument("--of", type=int, default=300_000, help="how many there are")
    given = parser.parse_args()
    if given.of < 2 * given.cards:
        parser.error("--of must be at least twice --cards: each time other cards are edited")
    with scratch_database(durable=True):
        edit_and_compare(given.cards, given.of)


def edit_and_compare(cards: int, of: int) -> None:
    """One run."""
    from django.db import connection, transaction
    from django.db.models import F
    from django.db.models.functions import Mod

    from linecard.accounts.actions import create_user
    from linecard.accounts.actor import acting, command_actor
    from linecard.audit.words import entry_words
    from linecard.customers.bulk_work.preview import preview_edit
    from linecard.customers.bulk_work.starting import begin_edit, undo_work
    from linecard.customers.bulk_work.work import CardsWork
    from linecard.customers.queries import visible_to

    user = create_user(username="bench", name="", password="a long password", by=command_actor())  # noqa: S106
    by = acting(user, via="command")
    make_cards(of, by)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE customer")

    last = 2 * cards
    note = "Bulk edit of many customers"
    changes = {"status": ["active", "inactive"], "channels": [None, 60]}
    words = entry_words(
        user_name="bench", action="customer.updated", note=note, address=None, changes=changes
    )

    def by_hand() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSERT, [user.pk, note, words, last])
            cursor.execute(_UPDATE, [last])

    selected = visible_to(user).annotate(half=Mod(F("id"), 2)).filter(half=0, id__lte=last)

    def work(work_id: int) -> None:
        going = CardsWork(work_id)
        while going.advance():
            pass

    def edit() -> None:
        begun = begin_edit(selected, changes=CHANGES, by=by)
        works.append(begun.pk)
        work(begun.pk)

    def undo() -> None:
        undo_work(work_id=works[0], by=by)
        work(works[0])

    works: list[int] = []
    hand = timed(by_hand)
    edited = timed(edit)
    undone = timed(undo)
    counted = timed(lambda: visible_to(user).exclude(status="inactive").count())
    previewed = timed(lambda: preview_edit(visible_to(user), changes=CHANGES, by=by))
    print(f"{cards:,} of {of:,} cards\n")
    for name, seconds, base in (
        ("two statements", hand, hand),
        ("bulk edit", edited, hand),
        ("undo", undone, hand),
    ):
        print(f"{name:22} {seconds:7.2f} s {seconds / base:6.2f} x")
    print(f"{'preview of all':22} {previewed:7.2f} s {previewed / counted:6.2f} x a count")
    assert edited <= MOST * hand, f"more than {MOST} times as long"


def make_cards(of: int, by: object) -> None:
    """Cards as people have them."""
    from django.db import transaction

    from linecard.customers.actions.bulk import NewCard, insert_cards

    for first in range(0, of, BLOCK):
        cards = [
            NewCard(
                {
                    "name": f"Télécom {number} Networks",
                    "currency": CURRENCIES[number % 5],
                    "country": COUNTRIES[number % 8],
                    "channels": number % 40 or None,
                    "external_accounting_id": "",
                    "tags": [] if number % 3 else ["wholesale"],
                }
            )
            for number in range(first, min(first + BLOCK, of))
        ]
        with transaction.atomic():
            insert_cards(cards, by=by)  # type: ignore[arg-type]


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
