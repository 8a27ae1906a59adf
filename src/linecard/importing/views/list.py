"""The list of uploads."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linecard.accounts.actor import acting_in
from linecard.importing.models import Upload
from linecard.importing.queries import visible_uploads
from linecard.importing.target import target_named, target_names
from linecard.importing.words import UploadState

PER_PAGE = 50

_TONES = {
    UploadState.APPLIED: "good",
    UploadState.CHECKED: "info",
    UploadState.CHECKING: "info",
    UploadState.APPLYING: "info",
    UploadState.UNDOING: "warn",
    UploadState.FAILED: "bad",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An upload for people."""

    upload: Upload

    @property
    def tone(self) -> str:
        """The colour of its state's dot."""
        return _TONES.get(UploadState(self.upload.state), "none")

    @property
    def stays(self) -> int:
        """How many rows are on the server now."""
        return self.upload.applied - self.upload.undone

    @property
    def is_checked(self) -> bool:
        """Whether its rows have been counted."""
        return self.upload.state != UploadState.UPLOADED


@require_safe
def uploads(request: HttpRequest) -> HttpResponse:
    """All uploads that the user may see, newest first."""
    page = Paginator(visible_uploads(acting_in(request).user), PER_PAGE).get_page(request.GET.get("page"))
    targets = [target_named(name) for name in target_names()]
    context = {"page": page, "rows": [Row(upload) for upload in page], "targets": targets}
    return render(request, "importing/list.html", context)
