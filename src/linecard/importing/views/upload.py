"""An upload's own page, whatever state it is in, and what can be asked of it there."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.importing import actions
from linecard.importing.mending import bad_rows_file, bad_rows_name
from linecard.importing.models import Upload
from linecard.importing.queries import (
    COUNTED_PROBLEMS,
    frequent_problems,
    last_row,
    left_alone,
    previous_bad_row,
)
from linecard.importing.showing import checked_table, field_label
from linecard.importing.views.mapping import mapping_page
from linecard.importing.views.pages import of_visible_upload, upload_of, upload_page
from linecard.importing.views.telling import (
    progress_title,
    progress_words,
    question,
    report_figures,
    result_of,
)
from linecard.importing.words import WORKING, AfterCrash, Rows, UploadState
from linecard.kernel.errors import Conflict
from linecard.web.streaming import streamed_file

LEFT_SHOWN = 100


@require_safe
@of_visible_upload
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The page for the state that the upload is in."""
    found = upload_of(request, upload_id)
    if found.state == UploadState.UPLOADED:
        return mapping_page(request, found)
    if found.state in WORKING:
        return _progress_page(request, found)
    if found.state == UploadState.CHECKED:
        return _report_page(request, found)
    return _result_page(request, found)


@require_safe
@of_visible_upload
def progress(request: HttpRequest, upload_id: int) -> HttpResponse:
    """How far the work is, for a page that shows the state ``of``; another state needs another page."""
    found = upload_of(request, upload_id)
    if found.state != request.GET.get("of"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    words = progress_words(found, actions.target_of(found))
    return render(request, "importing/progress_bar.html", {"upload": found, "words": words})


@require_POST
@of_visible_upload
def apply(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Begin to write the good rows."""
    actions.apply_upload(
        upload_id=upload_id,
        rows=request.POST.get("rows", Rows.ALL),
        after_crash=request.POST.get("after_crash", AfterCrash.RESUME),
        by=acting_in(request),
    )
    return redirect("importing:upload", upload_id)


@require_POST
@of_visible_upload
def undo(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Begin to take everything back, also in the middle of writing it."""
    actions.undo_upload(upload_id=upload_id, by=acting_in(request))
    return redirect("importing:upload", upload_id)


@require_safe
@of_visible_upload
def bad_rows(request: HttpRequest, upload_id: int) -> HttpResponseBase:
    """The bad rows as a file, each with its reasons."""
    found = upload_of(request, upload_id)
    if found.state == UploadState.UPLOADED:
        raise Conflict(gettext("The file has not been checked yet."))
    return streamed_file(
        request, bad_rows_file(found), content_type="text/csv; charset=utf-8", file_name=bad_rows_name(found)
    )


def _progress_page(request: HttpRequest, found: Upload) -> HttpResponse:
    target = actions.target_of(found)
    context = {"title": progress_title(found, target), "words": progress_words(found, target)}
    return upload_page(request, "importing/progress.html", found, context)


def _report_page(request: HttpRequest, found: Upload) -> HttpResponse:
    target = actions.target_of(found)
    reasons = [
        {
            **reason,
            "label": field_label(target, reason["field"]),
            "url": _rows_url(reason["first_row"], bad=True),
        }
        for reason in frequent_problems(found)
    ]
    context: dict[str, Any] = {
        "figures": report_figures(found),
        "question": question(found, target),
        "after_crash": [(value, gettext(label)) for value, label in AfterCrash.choices],
        "reasons": reasons,
        "counted_problems": COUNTED_PROBLEMS,
        **_checked_rows(request, found),
    }
    return upload_page(request, "importing/report.html", found, context)


def _checked_rows(request: HttpRequest, found: Upload) -> dict[str, Any]:
    """The window of rows that the address asks for, and the ways to those before and after it."""
    bad_only = request.GET.get("bad") == "1"
    last = last_row(found)
    first = _wanted_row(request.GET.get("row", ""), last)
    table = checked_table(found, actions.target_of(found), first, bad_only=bad_only)
    size = max(len(table.rows), 1)
    before = (
        previous_bad_row(found, first, size) if bad_only else (max(1, first - size) if first > 1 else None)
    )
    after = table.rows[-1].number + 1 if table.is_cut else None
    return {
        "bad_only": bad_only,
        "table": table,
        "row": first,
        "last_row": last,
        "previous_url": _rows_url(before, bad=bad_only) if before else "",
        "next_url": _rows_url(after, bad=bad_only) if after else "",
    }


def _wanted_row(text: str, last: int) -> int:
    """The row that somebody has typed, brought into the file; its beginning for what is no number."""
    bare = text.replace(",", "").strip()
    is_number = bare.isascii() and bare.isdigit() and len(bare) <= 18
    return max(1, min(int(bare), last)) if is_number else 1


def _rows_url(row: int, *, bad: bool) -> str:
    return f"?{urlencode({**({'bad': 1} if bad else {}), 'row': row})}#rows"


def _result_page(request: HttpRequest, found: Upload) -> HttpResponse:
    target = actions.target_of(found)
    left = left_alone(found, LEFT_SHOWN) if found.left else []
    context = {
        "result": result_of(found, target),
        "list_url": reverse(target.list_url),
        "left": [{"entry": entry, "url": target.address(entry.subject_id)} for entry in left],
        "more_left": found.left - len(left),
    }
    return upload_page(request, "importing/result.html", found, context)
