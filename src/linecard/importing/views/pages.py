"""What the pages of an upload have in common: access, errors, the steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop

from linecard.accounts.actor import acting_in
from linecard.importing.actions import target_of
from linecard.importing.models import Upload
from linecard.importing.queries import get_upload
from linecard.importing.words import UploadState
from linecard.web.refusals import refusals_told

STEPS = (
    gettext_noop("File"),
    gettext_noop("Columns"),
    gettext_noop("Check"),
    gettext_noop("Upload"),
    gettext_noop("Result"),
)

_STEP_OF_STATE = {
    UploadState.UPLOADED: 1,
    UploadState.CHECKING: 2,
    UploadState.CHECKED: 2,
    UploadState.APPLYING: 3,
    UploadState.APPLIED: 4,
    UploadState.UNDOING: 4,
    UploadState.UNDONE: 4,
    UploadState.FAILED: 4,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, for somebody who wants to know how far it is."""

    label: str
    is_done: bool
    is_current: bool


def steps_at(current: int) -> list[Step]:
    """All steps; the one that is shown is counted from 0."""
    return [Step(label, position < current, position == current) for position, label in enumerate(STEPS)]


def _nearby(request: HttpRequest, named: Mapping[str, Any]) -> HttpResponse:
    address = reverse("importing:upload", args=[named["upload_id"]])
    # a page that cannot be shown must not lead to itself
    return redirect("importing:list" if request.path == address else address)


of_visible_upload = refusals_told(_nearby)


def upload_of(request: HttpRequest, upload_id: int) -> Upload:
    """The upload that a page is about. Raises ``NotFound``."""
    return get_upload(acting_in(request).user, upload_id)


def upload_page(
    request: HttpRequest,
    template: str,
    upload: Upload,
    context: dict[str, Any],
    *,
    step: int | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A page of the upload in its frame; ``step`` is where it stands, if that does not follow from the state."""
    current = _STEP_OF_STATE[UploadState(upload.state)] if step is None else step
    frame = {"upload": upload, "target": target_of(upload), "steps": steps_at(current)}
    return render(request, template, {**frame, **context}, status=status)
