"""Pending changes for people: from what to what, why they are held, and what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from linecard.accounts.models import User
from linecard.customers.actions.pending import CANCELLABLE_STATES, RUNNABLE_STATES
from linecard.customers.bulk_work.telling import change_lines
from linecard.customers.fields import CARD_FIELDS
from linecard.customers.models import PendingChange
from linecard.customers.showing import Line, Shower, field_label, field_position
from linecard.customers.words import ChangeState
from linecard.fields import Context


@dataclass(frozen=True, slots=True)
class Row:
    """A pending change for people."""

    change: PendingChange
    name: str
    lines: list[Line]
    problems: list[str]

    @property
    def may_cancel(self) -> bool:
        """Whether it can still be taken back."""
        return self.change.state in CANCELLABLE_STATES

    @property
    def may_run(self) -> bool:
        """Whether it can be applied now."""
        return self.change.state in RUNNABLE_STATES

    @property
    def is_held(self) -> bool:
        """Whether a person has to decide."""
        return self.change.state == ChangeState.HELD

    @property
    def in_words(self) -> str:
        """All that changes, in one line."""
        if self.change.action == PendingChange.Action.CREATE:
            return "; ".join([gettext("New customer"), *(f"{line.label} {line.new}" for line in self.lines)])
        if self.change.action == PendingChange.Action.BULK:
            return "; ".join(
                [self.name, *(f"{line.label} → {line.new or gettext('empty')}" for line in self.lines)]
            )
        return "; ".join(map(str, self.lines))


def told_changes(changes: Sequence[PendingChange], viewer: User) -> list[Row]:
    """The changes for a reader, who is told only the names that they may know. Two queries at most."""
    values = [item for change in changes for item in (*change.values.items(), *change.expected.items())]
    shower = Shower(values, viewer)
    return [_told(change, shower, viewer) for change in changes]


def why(change: PendingChange) -> str:
    """Why it is held or failed."""
    return " ".join(map(_problem, change.problems))


def _told(change: PendingChange, shower: Shower, viewer: User) -> Row:
    problems = [_problem(problem) for problem in change.problems]
    if change.work is not None:
        return Row(change, str(change.work), change_lines(change.values, viewer), problems)
    is_new = change.action == PendingChange.Action.CREATE
    customer = change.customer
    currency = customer.currency if customer else change.values.get("currency", "")
    context = Context(currency=currency)
    lines = [
        shower.line(name, change.expected.get(name), value, context)
        for name, value in sorted(change.values.items(), key=lambda item: field_position(item[0]))
        if not is_new or (name != "name" and value != CARD_FIELDS[name].default)
    ]
    name = customer.name if customer else change.values["name"]
    return Row(change, name, lines, problems)


def _problem(problem: dict[str, str]) -> str:
    field = problem["field"]
    return f"{field_label(field)}: {problem['message']}" if field in CARD_FIELDS else problem["message"]
