"""The delay log: everything that waits for its time, and what became of it, as a grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Lower
from django.utils.translation import gettext_noop

from linecard.accounts.columns import user_column, user_shown
from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.customers.models import PendingChange
from linecard.customers.planned import told_changes, why
from linecard.customers.queries import search_cards, visible_to
from linecard.customers.words import ChangeState
from linecard.web.grid import Column, Grid, Screen, SortTerm, choices_of, presets_of

DELAY_LOG = "pending-changes"
TONES = {
    ChangeState.WAITING: "info",
    ChangeState.HELD: "warn",
    ChangeState.APPLIED: "good",
    ChangeState.FAILED: "bad",
    ChangeState.CANCELLED: "quiet",
}
_STATES = choices_of(ChangeState, TONES)


class DelayLog(Grid):
    """Pending changes with their values and reasons in words, for one reader."""

    def __init__(self, reader: User) -> None:
        super().__init__(
            DELAY_LOG,
            COLUMNS,
            search=self._found,
            default_sort=[SortTerm(column="made_at", direction="desc")],
            annotations=_ANNOTATIONS,
        )
        self._reader = reader

    def worked_out(self, keys: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        changes = PendingChange.objects.select_related("customer", "work").in_bulk(keys)
        return {
            told.change.pk: {"changes": told.in_words, "reason": why(told.change)}
            for told in told_changes(list(changes.values()), self._reader)
        }

    def _found(self, changes: QuerySet[PendingChange], text: str) -> QuerySet[PendingChange]:
        """The changes of the cards that the search finds, and of new cards of that name."""
        cards = search_cards(visible_to(self._reader), text)
        return changes.filter(Q(customer__in=cards) | Q(customer=None, values__name__icontains=text.strip()))


def delay_log_screen(reader: User) -> Screen:
    """The page's grid. Whoever may change cards can tick changes, to run or cancel them."""
    return Screen(
        grid=DelayLog(reader),
        one=gettext_noop("change"),
        many=gettext_noop("changes"),
        presets=presets_of("state", _STATES),
        selects=may(reader, "customers", "update"),
    )


_NEW_NAME = KeyTextTransform("name", "values")

COLUMNS = (
    Column(name="run_at", label=gettext_noop("Runs"), kind="datetime", width=118, priority=1, opens_row=True),
    Column(name="state", label=gettext_noop("State"), kind="choice", choices=_STATES, width=110, priority=1),
    Column(
        name="customer",
        label=gettext_noop("Customer"),
        kind="reference",
        source="customer_id",
        shown="customer_shown",
        sort=("customer_key",),
        page="customers:card",
        width=118,
        priority=1,
        grows=True,
    ),
    Column(
        name="changes",
        label=gettext_noop("From what to what"),
        kind="text",
        source="values_text",
        groupable=False,
        width=260,
        priority=2,
        grows=True,
    ),
    Column(
        name="reason",
        label=gettext_noop("Why"),
        kind="text",
        source="problems_text",
        groupable=False,
        width=200,
        priority=2,
    ),
    Column(name="finished_at", label=gettext_noop("Done"), kind="datetime", width=108, priority=3),
    user_column("made_by", gettext_noop("Planned by"), width=140, priority=3),
    Column(name="made_at", label=gettext_noop("Planned"), kind="datetime", width=108, priority=4),
    Column(
        name="action",
        label=gettext_noop("Kind"),
        kind="choice",
        choices=choices_of(PendingChange.Action),
        shown_first=False,
    ),
    Column(name="revert_at", label=gettext_noop("Back at"), kind="datetime", shown_first=False),
    Column(
        name="finished_by",
        label=gettext_noop("Done by"),
        kind="text",
        source="finished_by_name",
        shown_first=False,
    ),
)

_ANNOTATIONS: dict[str, Combinable] = {
    "customer_shown": Coalesce("customer__name", _NEW_NAME, output_field=TextField()),
    "customer_key": Coalesce("customer__name_key", Lower(_NEW_NAME), output_field=TextField()),
    "values_text": Cast("values", TextField()),
    "problems_text": Case(
        When(problems=[], then=Value("")), default=Cast("problems", TextField()), output_field=TextField()
    ),
    **user_shown("made_by"),
}
