"""Mapping a file's columns: the page, the table read in another way, and the check that follows."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.importing import actions
from linecard.importing.forms import PlanForm, field_lines, read_choices
from linecard.importing.models import Upload
from linecard.importing.plan import DELIMITERS, ENCODINGS
from linecard.importing.reading.delimited import Format
from linecard.importing.reading.problems import FileProblem
from linecard.importing.showing import first_table, mapped_labels, proposal
from linecard.importing.views.pages import of_visible_upload, upload_of, upload_page
from linecard.importing.words import CHECKABLE, UploadState
from linecard.kernel.errors import Invalid

MAPPING_STEP = 1


@require_safe
@of_visible_upload
def mapping(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The mapping of an upload of which nothing is written yet."""
    acting_in(request).require("uploads", "create")
    upload = upload_of(request, upload_id)
    if upload.state not in (*CHECKABLE, UploadState.CHECKING):
        return redirect("importing:upload", upload_id)
    return mapping_page(request, upload)


@require_POST
@of_visible_upload
def table(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The first rows, read as the form says now, and what their columns seem to be."""
    upload = upload_of(request, upload_id)
    sent = read_choices(request.POST, actions.target_of(upload))
    context: dict[str, Any]
    try:
        if sent.get("sheet"):
            upload = actions.choose_sheet(upload_id=upload_id, sheet=sent["sheet"], by=acting_in(request))
        file_format = _format({**upload.plan, **sent})
        seems = proposal(upload, actions.target_of(upload), file_format)
        context = {
            "table": first_table(upload, file_format),
            "proposed_start": seems.start_row,
            "proposed_mapping": json.dumps(seems.mapping),
        }
    except FileProblem as problem:
        context = {"file_problem": problem.detail}
    return render(request, "importing/file_table.html", context)


@require_POST
@of_visible_upload
def check(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Begin the check; a plan that is refused is shown with what is wrong with it."""
    upload = upload_of(request, upload_id)
    sent = read_choices(request.POST, actions.target_of(upload))
    try:
        actions.check_upload(upload_id=upload_id, plan=sent, by=acting_in(request))
    except Invalid as refusal:
        return mapping_page(request, upload, sent=sent, refusal=refusal)
    return redirect("importing:upload", upload_id)


@require_POST
@of_visible_upload
def forget(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Forget how such files were read, and propose a mapping anew."""
    actions.forget_mapping(upload_id=upload_id, by=acting_in(request))
    messages.success(request, gettext("The remembered mapping is forgotten."))
    return redirect("importing:mapping", upload_id)


@require_POST
@of_visible_upload
def discard(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Forget a file of which nothing was written."""
    upload = upload_of(request, upload_id)
    actions.discard_upload(upload_id=upload_id, by=acting_in(request))
    messages.success(
        request, gettext("{file_name} was discarded. Nothing was changed.").format(file_name=upload.file_name)
    )
    return redirect("importing:list")


def mapping_page(
    request: HttpRequest,
    upload: Upload,
    *,
    sent: Mapping[str, Any] | None = None,
    refusal: Invalid | None = None,
) -> HttpResponse:
    """The page, with the plan as it stands or as it was sent and refused."""
    target = actions.target_of(upload)
    plan = {**upload.plan, **(sent or {})}
    form = PlanForm(upload, target, request.POST if refusal else None, plan=plan)
    if refusal:
        form.refuse(refusal)
    context: dict[str, Any] = {
        "form": form,
        "map_fields": field_lines(target, plan, refusal),
        "start_row": plan["start_row"],
        "is_refused": refusal is not None,
        "is_proposed": upload.state == UploadState.UPLOADED and bool(plan["mapping"]),
        "remembered": _remembered(upload) if upload.state == UploadState.UPLOADED else None,
    }
    try:
        context["table"] = first_table(upload, _format(plan), mapped_labels(target, plan))
    except FileProblem as problem:
        context["file_problem"] = problem.detail
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return upload_page(request, "importing/mapping.html", upload, context, step=MAPPING_STEP, status=status)


def _format(plan: Mapping[str, Any]) -> Format:
    """The format that the plan names, or the usual one where it names none that there is."""
    usual = Format()
    return Format(
        plan["encoding"] if plan["encoding"] in ENCODINGS else usual.encoding,
        plan["delimiter"] if plan["delimiter"] in DELIMITERS else usual.delimiter,
    )


def _remembered(upload: Upload) -> dict[str, Any] | None:
    """The file from which the mapping is remembered, and when that was."""
    noted = upload.sniffed.get("remembered")
    return {**noted, "made_at": parse_datetime(noted["made_at"])} if noted else None
