"""Work on many cards in words."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext

from linecard.accounts.models import User
from linecard.customers.bulk_work.fields import BULK_FIELDS, TAGS, Changes
from linecard.customers.models import BulkWork
from linecard.customers.showing import Line, Shower, field_label
from linecard.customers.words import PORTAL_SECTIONS, BulkAction, BulkState
from linecard.fields import Context, JSONValue
from linecard.kernel.regional import shown_number

_DONE = {BulkAction.EDIT: "changed", BulkAction.DELETE: "deleted", BulkAction.RESTORE: "restored"}


def change_lines(changes: Changes, viewer: User) -> list[Line]:
    """A line for each field that an edit puts on cards, whatever they have now."""
    shower = Shower(((name, value) for name, value in changes.items() if name != TAGS), viewer)
    return [
        Line(name, field_label(name), "", _shown(name, changes[name], shower))
        for name in BULK_FIELDS
        if name in changes
    ]


def counts(work: BulkWork) -> str:
    """What became of the cards: ``118 changed, 2 as they were``."""
    if work.state in (BulkState.UNDONE, BulkState.UNDOING):
        return f"{shown_number(work.undone)} taken back, {shown_number(work.left)} left alone."
    others = {"as they were": work.unchanged, "refused": work.refused, "held": work.held}
    words = [f"{shown_number(number)} {word}" for word, number in others.items() if number]
    return f"{', '.join([f'{shown_number(work.changed)} {_DONE[BulkAction(work.action)]}', *words])}."


def _shown(name: str, value: JSONValue, shower: Shower) -> str:
    if name == "portal_access":
        return "; ".join(_sections(value))
    if name == TAGS and isinstance(value, dict):
        return "; ".join(f"{verb} {_listed(tags)}" for verb, tags in value.items() if tags)
    if name == TAGS:
        return _listed(value) or "none"
    return shower.show(name, value, Context())


def _sections(value: dict[str, bool]) -> Iterator[str]:
    for verb, is_shown in (("show", True), ("hide", False)):
        labels = [
            gettext(label) for section, label in PORTAL_SECTIONS.items() if value.get(section) is is_shown
        ]
        if labels:
            yield f"{verb} {_listed(labels)}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
