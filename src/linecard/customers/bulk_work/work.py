"""The work on many cards, block by block: each in one short transaction that also notes how far it has come.

Whatever ends a process costs one block at most: the next one that goes on begins at the mark.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from linecard.accounts.actor import UserActor, acting
from linecard.audit.models import AuditEntry
from linecard.audit.trail import record
from linecard.customers.actions.bulk import CardWrite, write_cards
from linecard.customers.actions.cards import SUBJECT as CARD
from linecard.customers.bulk_work.guards import guard_columns, told_reasons
from linecard.customers.bulk_work.rules import EditRules
from linecard.customers.bulk_work.starting import SUBJECT, verb_of
from linecard.customers.bulk_work.telling import counts
from linecard.customers.bulk_work.undoing import undo_block
from linecard.customers.models import BulkBlock, BulkWork, PendingChange
from linecard.customers.queries import visible_to
from linecard.customers.words import BULK, BULK_WORKING, BulkAction, BulkOutcome, BulkState, ChangeState
from linecard.kernel.clock import now
from linecard.kernel.errors import Forbidden
from linecard.kernel.regional import shown_number
from linecard.web.database import copy_rows
from linecard.web.long_work import commit_durably, one_block

Card = Mapping[str, Any]

GONE = "The customer is no longer yours to change."
_PUT_AWAY = {BulkAction.DELETE: "customer.archived", BulkAction.RESTORE: "customer.restored"}


# So few cards are done while whoever asked waits for the answer.
AT_ONCE = 200


def begin_here(work: BulkWork) -> BulkWork:
    """Do a small work at once instead of leaving it to a worker; the work as it is then."""
    if work.total > AT_ONCE:
        return work
    going = CardsWork(work.pk)
    while going.advance():
        pass
    work.refresh_from_db()
    return work


class CardsWork:
    """One process's work on many cards. It keeps what the rules worked out between blocks."""

    def __init__(self, work_id: int) -> None:
        self._work_id = work_id
        self._rules: EditRules | None = None

    def __str__(self) -> str:
        return f"work {self._work_id} on many cards"

    def advance(self) -> bool:
        """Do the next block; False when there is nothing more to do. Raises what nobody foresaw."""
        return one_block(self._advance)

    def fail(self, reason: str) -> bool:
        """Something unforeseen stopped the work: say so. What was changed can still be taken back."""
        with transaction.atomic():
            work = _locked(self._work_id)
            if work is not None:
                _finish(work, BulkState.FAILED, reason)
                work.save()
        return False

    def _advance(self) -> bool:
        work = _locked(self._work_id)
        if work is None:
            return False
        by = acting(work.acting, via=BULK)
        try:
            by.require("customers", "read")
            by.require("customers", verb_of(work))
        except Forbidden as refusal:
            _finish(work, BulkState.FAILED, refusal.detail)
        else:
            (self._undo if work.state == BulkState.UNDOING else self._carry_out)(work, by)
        work.save()
        return work.state in BULK_WORKING

    def _carry_out(self, work: BulkWork, by: UserActor) -> None:
        work.state = BulkState.RUNNING
        blocks = BulkBlock.objects.filter(work=work, number__gt=work.mark).order_by("number")
        block = blocks.first()
        if block is None:
            _finish(work, BulkState.DONE)
            return
        results = (
            self._edit(work, block, by) if work.action == BulkAction.EDIT else _put_away(work, block, by)
        )
        _keep(work, results)
        work.mark = block.number
        if not blocks.filter(number__gt=block.number).exists():
            _finish(work, BulkState.DONE)

    def _undo(self, work: BulkWork, by: UserActor) -> None:
        if not undo_block(work, by=by, note=f"Undoing of {_naming(work)}"):
            _finish(work, BulkState.UNDONE)

    def _edit(self, work: BulkWork, block: BulkBlock, by: UserActor) -> "Results":
        if self._rules is None:
            self._rules = EditRules(work.changes, by.user)
        rules = self._rules
        cards = _lock(block.ids, by, rules.attributes)
        held = _changed_since(work, block, cards)
        results = Results(block.ids)
        writes = []
        for card in cards:
            outcome = rules.outcome(card)
            if outcome.refusal:
                results.put(card["id"], BulkOutcome.REFUSED, outcome.refusal)
            elif not outcome.changes:
                results.put(card["id"], BulkOutcome.UNCHANGED)
            elif card["id"] in held:
                results.put(card["id"], BulkOutcome.HELD, held[card["id"]])
            else:
                writes.append(CardWrite(card["id"], card["version"], outcome.stored, outcome.changes))
        entries = write_cards(writes, by=by, action="customer.updated", note=_naming(work))
        results.put_changed(writes, entries)
        return results


class Results:
    """What became of the cards of a block; what nothing is said about was not there."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._rows: dict[int, tuple[str, int | None, str]] = dict.fromkeys(
            ids, (BulkOutcome.REFUSED.value, None, GONE)
        )

    def put(self, customer_id: int, outcome: BulkOutcome, reason: str = "") -> None:
        """Say it of a card that was not changed."""
        self._rows[customer_id] = (outcome.value, None, reason)

    def put_changed(self, writes: Sequence[CardWrite], entries: Sequence[int]) -> None:
        """Say it of cards that were changed, with their audit entries."""
        for write, entry_id in zip(writes, entries, strict=True):
            self._rows[write.customer_id] = (BulkOutcome.CHANGED.value, entry_id, "")

    def rows(self, work: BulkWork) -> Iterable[tuple[Any, ...]]:
        """As they are stored."""
        return ((work.pk, customer_id, *row) for customer_id, row in self._rows.items())

    def count(self, outcome: BulkOutcome) -> int:
        """How many cards it became of."""
        return sum(row[0] == outcome.value for row in self._rows.values())


def _put_away(work: BulkWork, block: BulkBlock, by: UserActor) -> Results:
    """Archive or restore the cards of a block."""
    away = work.action == BulkAction.DELETE
    kept = guard_columns() if away and not work.archive else {}
    cards = visible_to(by.user).filter(pk__in=block.ids).annotate(**kept).order_by("pk")
    locked = cards.select_for_update(of=("self",)).values("id", "version", "archived_at", *kept)
    results = Results(block.ids)
    writes = []
    moment = now() if away else None
    for card in locked:
        if (card["archived_at"] is not None) == away:
            results.put(card["id"], BulkOutcome.UNCHANGED)
        elif reasons := told_reasons(card):
            results.put(card["id"], BulkOutcome.REFUSED, reasons)
        else:
            changes = {"archived": (not away, away)}
            writes.append(CardWrite(card["id"], card["version"], {"archived_at": moment}, changes))
    action = _PUT_AWAY[BulkAction(work.action)]
    results.put_changed(writes, write_cards(writes, by=by, action=action, note=_naming(work)))
    return results


def _lock(ids: Iterable[int], by: UserActor, attributes: Iterable[str]) -> list[dict[str, Any]]:
    """The cards of those that the user may see, locked in one order so that two works never wait for each other."""
    cards = visible_to(by.user).filter(pk__in=list(ids)).order_by("pk").select_for_update(of=("self",))
    return list(cards.values("id", "version", *attributes))


def _changed_since(work: BulkWork, block: BulkBlock, cards: Sequence[Card]) -> dict[int, str]:
    """Of cards whose edited fields somebody changed since the work was asked for: who did."""
    if block.versions is None:
        return {}
    asked = dict(zip(block.ids, block.versions, strict=True))
    moved = [card["id"] for card in cards if card["version"] != asked[card["id"]]]
    if not moved:
        return {}
    entries = AuditEntry.objects.filter(
        subject_type=CARD,
        subject_id__in=moved,
        version__isnull=False,
        changes__has_any_keys=list(work.changes),
    )
    since = _since(work)
    told = entries.order_by("id").values_list("subject_id", "version", "user_name")
    return {
        customer_id: f"Changed by {who} since this was {since}."
        for customer_id, version, who in told
        if version and version > asked[customer_id]
    }


def _since(work: BulkWork) -> str:
    return "planned" if PendingChange.objects.filter(work=work).exists() else "begun"


def _keep(work: BulkWork, results: Results) -> None:
    copy_rows("bulk_result", ("work_id", "customer_id", "outcome", "entry_id", "reason"), results.rows(work))
    work.changed += results.count(BulkOutcome.CHANGED)
    work.unchanged += results.count(BulkOutcome.UNCHANGED)
    work.refused += results.count(BulkOutcome.REFUSED)
    work.held += results.count(BulkOutcome.HELD)


def _locked(work_id: int) -> BulkWork | None:
    """The work, locked, while there is something to do."""
    working = BulkWork.objects.filter(pk=work_id, state__in=BULK_WORKING)
    return working.select_for_update(of=("self",)).select_related("acting").first()


def _finish(work: BulkWork, state: BulkState, problem: str = "") -> None:
    work.state = state
    work.problem = problem
    work.finished_at = now()
    commit_durably()
    record(
        by=acting(work.acting, via=BULK),
        action=f"bulk_{work.action}.{state.value}",
        subject_type=SUBJECT,
        subject_id=work.pk,
        note=f"{work}: {counts(work)} {problem}".strip(),
    )
    if problem or (work.held and state == BulkState.DONE):
        _tell_plan(work, ChangeState.FAILED if problem else ChangeState.HELD, problem or _held(work))


def _tell_plan(work: BulkWork, state: ChangeState, message: str) -> None:
    """Say it in the list of planned changes, where a person decides."""
    problems = [{"field": "", "message": message}]
    PendingChange.objects.filter(work=work).update(state=state, problems=problems)


def _held(work: BulkWork) -> str:
    were = "customer was" if work.held == 1 else "customers were"
    return f"{shown_number(work.held)} {were} changed by somebody since this was planned, and left alone."


def _naming(work: BulkWork) -> str:
    """How the history of a card names the work."""
    return f"{work} (job {work.pk})"
