"""Takes back what a work has changed, card by card: what somebody changed since is left alone, and listed."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from linecard.accounts.actor import UserActor
from linecard.audit.models import AuditEntry
from linecard.customers.actions.bulk import CardWrite, write_cards
from linecard.customers.actions.cards import SUBJECT
from linecard.customers.bulk_work.fields import BULK_FIELDS
from linecard.customers.bulk_work.guards import kept_cards
from linecard.customers.bulk_work.rules import EditRules
from linecard.customers.models import BulkResult, BulkWork, Customer
from linecard.customers.queries import visible_to
from linecard.customers.showing import field_label
from linecard.customers.words import BulkAction, BulkOutcome
from linecard.kernel.clock import now

BLOCK = 1_000  # cards in one transaction: each has former values of its own

_ARCHIVED = "archived"
_GONE = "The customer is no longer yours to change."
_PUT_AWAY = "The customer was archived since; nothing on it was taken back."
_UNDOING = {BulkAction.DELETE: "customer.restored", BulkAction.RESTORE: "customer.archived"}


def undo_block(work: BulkWork, *, by: UserActor, note: str) -> bool:
    """Take the next cards back, in the present transaction; False when there are none."""
    changed = BulkResult.objects.filter(
        work=work, outcome=BulkOutcome.CHANGED, customer_id__gt=work.undo_mark
    )
    results = dict(changed.order_by("customer_id").values_list("customer_id", "entry_id")[:BLOCK])
    if not results:
        return False
    left = _Undoing(work, results, by, note).carry_out()
    for reason, ids in _by_reason(left).items():
        BulkResult.objects.filter(work=work, customer_id__in=ids).update(
            outcome=BulkOutcome.LEFT, reason=reason
        )
    taken_back = results.keys() - left.keys()
    BulkResult.objects.filter(work=work, customer_id__in=taken_back).update(outcome=BulkOutcome.UNDONE)
    work.undo_mark = max(results)
    work.undone += len(taken_back)
    work.left += len(left)
    return True


class _Undoing:
    """One block of it. ``results`` are the cards with the audit entries of what was changed."""

    def __init__(self, work: BulkWork, results: Mapping[int, int | None], by: UserActor, note: str) -> None:
        self._is_edit = work.action == BulkAction.EDIT
        self._archives = work.action == BulkAction.RESTORE
        self._action = "customer.updated" if self._is_edit else _UNDOING[BulkAction(work.action)]
        self._results = results
        self._by = by
        self._note = note
        self._rules: dict[str, EditRules] = {}
        self._kept: Mapping[int, str] = {}

    def carry_out(self) -> dict[int, str]:
        """Write what can be taken back; why the rest is left alone, by card."""
        told = AuditEntry.objects.in_bulk([entry for entry in self._results.values() if entry is not None])
        entries = {entry.subject_id: entry for entry in told.values()}
        since = _changed_since(entries)
        cards = visible_to(self._by.user).filter(pk__in=self._results.keys()).order_by("pk")
        left = dict.fromkeys(self._results, _GONE)
        writes: list[CardWrite] = []
        locked = list(cards.select_for_update(of=("self",)).defer("search", "vars"))
        self._kept = kept_cards(card.pk for card in locked) if self._archives else {}
        for card in locked:
            write, reason = self._former(card, entries[card.pk], since[card.pk])
            if reason:
                left[card.pk] = reason
            else:
                del left[card.pk]
            if write is not None:
                writes.append(write)
        write_cards(writes, by=self._by, action=self._action, note=self._note)
        return left

    def _former(self, card: Customer, entry: AuditEntry, since: set[str]) -> tuple[CardWrite | None, str]:
        """What puts the card back, and what is left alone on it."""
        if not self._is_edit:
            return self._former_place(card, entry, since)
        if card.is_archived:
            return None, _PUT_AWAY
        kept = [field_label(name) for name in entry.changes if name in since]
        reason = f"Changed since, and left as it is: {', '.join(sorted(kept))}." if kept else ""
        former = {name: old for name, (old, _) in entry.changes.items() if name not in since}
        if not former:
            return None, reason
        rules = self._rules_of(former)
        outcome = rules.outcome({name: getattr(card, name) for name in rules.attributes})
        if outcome.refusal:
            return None, outcome.refusal
        return CardWrite(card.pk, card.version, outcome.stored, outcome.changes), reason

    def _former_place(
        self, card: Customer, entry: AuditEntry, since: set[str]
    ) -> tuple[CardWrite | None, str]:
        was, now_is = entry.changes[_ARCHIVED]
        if _ARCHIVED in since or card.is_archived != now_is:
            return None, f"It was {'archived' if card.is_archived else 'restored'} since by somebody else."
        if card.pk in self._kept:
            return None, self._kept[card.pk]
        stored = {"archived_at": now() if was else None}
        return CardWrite(card.pk, card.version, stored, {_ARCHIVED: (now_is, was)}), ""

    def _rules_of(self, former: Mapping[str, Any]) -> EditRules:
        """The rules that put these values back: many cards had the same."""
        key = repr(sorted(former.items()))
        if key not in self._rules:
            ordered = {name: former[name] for name in BULK_FIELDS if name in former}
            self._rules[key] = EditRules(ordered, self._by.user)
        return self._rules[key]


def _changed_since(entries: Mapping[int, AuditEntry]) -> dict[int, set[str]]:
    """The fields of each card that were changed after the entry."""
    later = AuditEntry.objects.filter(
        subject_type=SUBJECT,
        subject_id__in=entries.keys(),
        id__gt=min(entry.pk for entry in entries.values()),
    )
    fields: dict[int, set[str]] = defaultdict(set)
    told = later.order_by().values_list("subject_id", "version", "changes")
    for customer_id, version, changes in told:
        if version is not None and version > (entries[customer_id].version or 0):
            fields[customer_id].update(changes)
    return fields


def _by_reason(left: Mapping[int, str]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for customer_id, reason in left.items():
        ids[reason].append(customer_id)
    return ids
