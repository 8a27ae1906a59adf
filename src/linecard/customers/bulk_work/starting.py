"""What a person asks for: change these cards, now or later; take it back. The work itself is done by jobs."""

from collections.abc import Mapping

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from linecard.accounts.actor import UserActor
from linecard.accounts.permissions import Verb
from linecard.audit.trail import record
from linecard.customers.bulk_work.fields import Changes, check_changes
from linecard.customers.bulk_work.forgetting import FORGOTTEN
from linecard.customers.bulk_work.queries import lock_work
from linecard.customers.models import BulkBlock, BulkResult, BulkWork, Customer
from linecard.customers.words import BULK_WORKING, BulkAction, BulkOutcome, BulkState
from linecard.kernel.errors import Conflict, Invalid

WORK_TASK = "customers.bulk_work"
SUBJECT = "bulk_work"

# Cards in one transaction, which takes well under a second.
BLOCK = 2_000
# Blocks that are written by one statement: however many cards are meant, none is long.
BLOCKS_AT_ONCE = 100

_VERBS: Mapping[BulkAction, Verb] = {
    BulkAction.EDIT: "update",
    BulkAction.DELETE: "delete",
    BulkAction.RESTORE: "delete",
}

Cards = QuerySet[Customer]


def begin_edit(cards: Cards, *, changes: Changes, by: UserActor) -> BulkWork:
    """Begin to put values on cards (see ``BULK_FIELDS``; ``tags`` also as ``{add, remove}``).

    ``cards`` are the selected ones of those that the user may see. Raises ``Forbidden`` and ``Invalid``.
    """
    return _begin(cards, _edit(changes, by), by)


def begin_delete(cards: Cards, *, archive: bool, by: UserActor) -> BulkWork:
    """Begin to archive cards; ``archive`` also those that a guard would keep. Raises ``Forbidden`` and ``Invalid``."""
    by.require("customers", "delete")
    return _begin(cards, BulkWork(action=BulkAction.DELETE, archive=archive), by)


def begin_restore(cards: Cards, *, by: UserActor) -> BulkWork:
    """Begin to bring archived cards back. Raises ``Forbidden`` and ``Invalid``."""
    by.require("customers", "delete")
    return _begin(cards, BulkWork(action=BulkAction.RESTORE), by)


@transaction.atomic
def plan_edit(cards: Cards, *, changes: Changes, by: UserActor) -> BulkWork:
    """Note which cards a later edit is about, and how they are now. Raises as ``begin_edit``."""
    work = _edit(changes, by)
    work.state = BulkState.PLANNED
    _save_with_cards(work, cards, by)
    return work


@transaction.atomic
def begin_planned(work: BulkWork, *, by: UserActor) -> None:
    """Begin a planned work, or go on with one that ended: with what is left, and with the cards that were held.

    Raises ``Conflict`` while it is worked on.
    """
    work.refresh_from_db(from_queryset=BulkWork.objects.select_for_update())
    if work.state in BULK_WORKING:
        raise Conflict(
            gettext("This work is {state}; wait until it has ended.").format(
                state=gettext(work.get_state_display()).lower()
            )
        )
    _require_results(work)
    if work.state != BulkState.PLANNED:
        _take_held_up_again(work)
    _set_going(work, BulkState.QUEUED, "begun", by)


def cancel_planned(work: BulkWork) -> None:
    """Let a planned work never happen; one that has begun stays as it is."""
    if work.state == BulkState.PLANNED:
        work.state = BulkState.CANCELLED
        work.save(update_fields=["state"])


@transaction.atomic
def undo_work(*, work_id: int, by: UserActor) -> BulkWork:
    """Begin to take back what a work has changed, also while it is at it. What was changed since is left alone.

    Raises ``NotFound``, ``Forbidden``, and ``Conflict`` where there is nothing to take back.
    """
    work = lock_work(by.user, work_id)
    by.require("customers", verb_of(work))
    if work.state not in (BulkState.QUEUED, BulkState.RUNNING, BulkState.DONE, BulkState.FAILED):
        raise Conflict(
            gettext("This work is {state}; it cannot be taken back.").format(
                state=gettext(work.get_state_display()).lower()
            )
        )
    _require_results(work)
    if work.state in (BulkState.DONE, BulkState.FAILED) and work.changed <= work.undone + work.left:
        raise Conflict(gettext("Nothing was changed that could be taken back."))
    work.undo_mark = 0  # cards that were held before may have been changed since the last time
    _set_going(work, BulkState.UNDOING, "undoing", by)
    return work


def may_undo(work: BulkWork) -> bool:
    """Whether there is something to take back."""
    if work.state in (BulkState.QUEUED, BulkState.RUNNING):
        return True
    ended = work.state in (BulkState.DONE, BulkState.FAILED) and work.forgotten_at is None
    return ended and work.changed > work.undone + work.left


def verb_of(work: BulkWork) -> Verb:
    """What somebody must be allowed to do with customers to do this, or to take it back."""
    return _VERBS[BulkAction(work.action)]


def schedule_work(work_id: int) -> None:
    """Have a worker go on with a work, once the present transaction is committed."""
    app.configure_task(WORK_TASK, queue="bulk").defer(work_id=work_id)


@transaction.atomic
def _begin(cards: Cards, work: BulkWork, by: UserActor) -> BulkWork:
    _save_with_cards(work, cards, by)
    _set_going(work, BulkState.QUEUED, "begun", by)
    return work


def _require_results(work: BulkWork) -> None:
    if work.forgotten_at is not None:
        raise Conflict(FORGOTTEN)


def _edit(changes: Changes, by: UserActor) -> BulkWork:
    """An edit that is not yet anything but asked for. Raises ``Forbidden`` and ``Invalid``."""
    by.require("customers", "update")
    check_changes(changes, by.user)
    return BulkWork(action=BulkAction.EDIT, changes=dict(changes))


def _set_going(work: BulkWork, state: BulkState, what: str, by: UserActor) -> None:
    """Have it done in this user's name, and say so in the audit log."""
    work.state = state
    work.acting = by.user
    work.problem = ""
    work.finished_at = None
    work.save()
    _record(work, what, by)
    schedule_work(work.pk)


def _save_with_cards(work: BulkWork, cards: Cards, by: UserActor) -> None:
    """Keep which cards are meant: those that come to match later are not, those that no longer do still are."""
    work.made_by = work.acting = by.user
    work.reseller_id = by.user.reseller_id
    work.save()
    work.refresh_from_db(fields=["id"])
    work.total = _keep_cards(work, cards)
    if not work.total:
        raise Invalid({"selection": gettext("No customer is selected.")})
    work.save(update_fields=["total"])


def _keep_cards(work: BulkWork, cards: Cards, *, first: int = 1, with_versions: bool = True) -> int:
    """Write the cards down in blocks, numbered from ``first``; how many there are."""
    kept = last = 0
    while True:
        written = _keep_some(work, cards.filter(pk__gt=last), first, with_versions=with_versions)
        kept += sum(size for _, size in written)
        if len(written) < BLOCKS_AT_ONCE:
            return kept
        first += len(written)
        last = max(highest for highest, _ in written)


def _keep_some(work: BulkWork, cards: Cards, first: int, *, with_versions: bool) -> list[tuple[int, int]]:
    """Write the next blocks; of each its last id, and how many cards it has."""
    some = cards.order_by("pk").values("id", "version")[: BLOCKS_AT_ONCE * BLOCK]
    try:
        selected, parameters = some.query.sql_with_params()
    except EmptyResultSet:
        return []
    versions = "array_agg(version ORDER BY id)" if with_versions else "NULL"
    statement = f"""
        INSERT INTO bulk_block (work_id, number, ids, versions)
        SELECT %s, number, array_agg(id ORDER BY id), {versions}
        FROM (
            SELECT id, version, %s + (row_number() OVER (ORDER BY id) - 1) / %s AS number
            FROM ({selected}) AS selected
        ) AS numbered
        GROUP BY number
        RETURNING ids[cardinality(ids)], cardinality(ids)
    """  # noqa: S608  our own words and Django's
    with connection.cursor() as cursor:
        cursor.execute(statement, [work.pk, first, BLOCK, *parameters])
        written: list[tuple[int, int]] = cursor.fetchall()
    return written


def _take_held_up_again(work: BulkWork) -> None:
    held = BulkResult.objects.filter(work=work, outcome=BulkOutcome.HELD)
    cards = Customer.objects.filter(pk__in=held.values("customer_id"))
    last = BulkBlock.objects.filter(work=work).aggregate(last=Max("number"))["last"]
    _keep_cards(work, cards, first=last + 1, with_versions=False)
    held.delete()
    work.held = 0


def _record(work: BulkWork, what: str, by: UserActor) -> None:
    record(
        by=by,
        action=f"bulk_{work.action}.{what}",
        subject_type=SUBJECT,
        subject_id=work.pk,
        changes={name: (None, value) for name, value in work.changes.items()} if what == "begun" else None,
        note=str(work),
    )
