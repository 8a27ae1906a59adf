"""The grid of uploads."""

from functools import cache

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_noop

from linecard.accounts.columns import user_column, user_shown
from linecard.importing.models import Upload
from linecard.importing.target import all_targets
from linecard.importing.words import UploadState
from linecard.web.grid import Choice, Column, Grid, Screen, SortTerm, choices_of, presets_of

_TONES = {
    UploadState.APPLIED: "good",
    UploadState.CHECKED: "info",
    UploadState.CHECKING: "info",
    UploadState.APPLYING: "info",
    UploadState.UNDOING: "warn",
    UploadState.FAILED: "bad",
}
# An upload whose file is still on its way is in no list.
_STATES = choices_of([state for state in UploadState if state != UploadState.RECEIVING], _TONES)


def search_uploads(uploads: QuerySet[Upload], text: str) -> QuerySet[Upload]:
    """Those in which every word is part of the file's name, or of the name of who sent it."""
    for word in text.split():
        sent_by = Q(made_by__name__icontains=word) | Q(made_by__username__icontains=word)
        uploads = uploads.filter(Q(file_name__icontains=word) | sent_by)
    return uploads


def uploads_screen() -> Screen:
    """The list of uploads."""
    return Screen(
        grid=uploads_grid(),
        one=gettext_noop("upload"),
        many=gettext_noop("uploads"),
        presets=presets_of("state", _STATES),
        selects=False,
    )


@cache
def uploads_grid() -> Grid:
    """Put together when it is first needed: by then the rooms have registered what can be uploaded."""
    return Grid(
        "uploads",
        (
            Column(
                name="file_name",
                label=gettext_noop("File"),
                kind="text",
                width=220,
                priority=1,
                opens_row=True,
            ),
            Column(
                name="state",
                label=gettext_noop("State"),
                kind="choice",
                choices=_STATES,
                width=120,
                priority=1,
            ),
            Column(
                name="target",
                label=gettext_noop("Into"),
                kind="choice",
                choices=tuple(Choice(target.name, target.many.capitalize()) for target in all_targets()),
                width=120,
                priority=3,
            ),
            _number("rows", gettext_noop("Rows"), priority=2),
            _number("good", gettext_noop("Good"), priority=3),
            _number("bad", gettext_noop("Bad"), priority=2),
            _number("applied", gettext_noop("On the server"), priority=2),
            user_column("made_by", gettext_noop("By"), width=160, priority=2),
            Column(name="made_at", label=gettext_noop("When"), kind="datetime", width=118, priority=2),
            Column(name="finished_at", label=gettext_noop("Finished"), kind="datetime", shown_first=False),
            Column(name="size", label=gettext_noop("Bytes"), kind="integer", shown_first=False),
            Column(
                name="reseller",
                label=gettext_noop("Reseller"),
                kind="reference",
                source="reseller_id",
                shown="reseller__name",
                sort=("reseller__name_key",),
                shown_first=False,
            ),
        ),
        search=search_uploads,
        default_sort=[SortTerm(column="made_at", direction="desc")],
        annotations={
            **user_shown("made_by"),
            **{f"counted_{name}": _once_checked(name) for name in ("rows", "good", "bad")},
            "counted_applied": _once_checked(F("applied") - F("undone")),
        },
    )


def _number(name: str, label: str, *, priority: int) -> Column:
    return Column(
        name=name, label=label, kind="integer", source=f"counted_{name}", width=118, priority=priority
    )


def _once_checked(number: str | Combinable) -> Case:
    """Nothing for a file in which nobody has counted yet."""
    return Case(When(state=UploadState.UPLOADED, then=None), default=number, output_field=BigIntegerField())
