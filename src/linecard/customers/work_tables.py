"""The grids of work on many cards: all works, and what became of each card of one."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from linecard.accounts.columns import user_column, user_shown
from linecard.customers.bulk_work.queries import search_works
from linecard.customers.models import Customer
from linecard.customers.queries import search_cards
from linecard.customers.words import BulkAction, BulkOutcome, BulkState
from linecard.kernel.names import name_key
from linecard.web.grid import Column, Grid, Screen, SortTerm, choices_of, presets_of

_STATE_TONES = {
    BulkState.PLANNED: "info",
    BulkState.QUEUED: "info",
    BulkState.RUNNING: "info",
    BulkState.DONE: "good",
    BulkState.UNDOING: "warn",
    BulkState.FAILED: "bad",
}
_OUTCOME_TONES = {
    BulkOutcome.CHANGED: "good",
    BulkOutcome.REFUSED: "bad",
    BulkOutcome.HELD: "warn",
    BulkOutcome.LEFT: "warn",
    BulkOutcome.UNDONE: "info",
}
_ACTIONS = choices_of(BulkAction)
_OUTCOMES = choices_of(BulkOutcome, _OUTCOME_TONES)


def _number(name: str, label: str, *, source: str = "", shown_first: bool = True) -> Column:
    return Column(
        name=name, label=label, kind="integer", source=source, width=110, priority=3, shown_first=shown_first
    )


def _search_results(results: QuerySet[Any], text: str) -> QuerySet[Any]:
    return results.filter(customer__in=search_cards(Customer.objects.all(), text).values("pk"))


WORKS = Grid(
    "bulk-works",
    (
        Column(
            name="made_at",
            label=gettext_noop("Begun"),
            kind="datetime",
            width=160,
            priority=1,
            opens_row=True,
            grows=True,
        ),
        Column(
            name="action", label=gettext_noop("What"), kind="choice", choices=_ACTIONS, width=130, priority=1
        ),
        Column(
            name="state",
            label=gettext_noop("State"),
            kind="choice",
            choices=choices_of(BulkState, _STATE_TONES),
            width=130,
            priority=1,
        ),
        _number("total", gettext_noop("Customers")),
        _number("changed", gettext_noop("Changed")),
        _number("unchanged", gettext_noop("As they were"), shown_first=False),
        _number("refused", gettext_noop("Refused")),
        _number("held", gettext_noop("Held")),
        _number("undone", gettext_noop("Taken back")),
        _number("left_alone", gettext_noop("Left alone"), source="left", shown_first=False),
        user_column("made_by", gettext_noop("By"), width=150, priority=2, grows=True),
        Column(
            name="finished_at", label=gettext_noop("Ended"), kind="datetime", width=160, shown_first=False
        ),
        Column(name="id", label=gettext_noop("Job"), kind="integer", width=90, shown_first=False),
    ),
    search=search_works,
    default_sort=[SortTerm(column="made_at", direction="desc")],
    annotations=user_shown("made_by"),
)

WORKS_SCREEN = Screen(
    grid=WORKS,
    one=gettext_noop("work"),
    many=gettext_noop("works"),
    presets=presets_of("action", _ACTIONS),
    selects=False,
)

RESULTS = Grid(
    "bulk-results",
    (
        Column(
            name="customer",
            label=gettext_noop("Customer"),
            kind="text",
            source="customer__name",
            sort=("customer__name_key",),
            folded="customer__name_key",
            fold=name_key,
            width=260,
            priority=1,
            opens_row=True,
        ),
        Column(
            name="outcome",
            label=gettext_noop("What became of it"),
            kind="choice",
            choices=_OUTCOMES,
            width=180,
            priority=1,
        ),
        Column(name="reason", label=gettext_noop("Why"), kind="text", width=420, priority=2, grows=True),
    ),
    search=_search_results,
    default_sort=[SortTerm(column="customer")],
    key="customer_id",
)

RESULTS_SCREEN = Screen(
    grid=RESULTS,
    one=gettext_noop("customer"),
    many=gettext_noop("customers"),
    presets=presets_of("outcome", _OUTCOMES),
    selects=False,
)
