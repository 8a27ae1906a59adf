"""What an upload has done and will do, in words and figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from linecard.importing.models import Upload
from linecard.importing.target import Target
from linecard.importing.words import CHECKABLE, UploadState
from linecard.kernel.regional import shown_number


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a name; ``tone`` is ``good`` or ``bad`` where it is either."""

    label: str
    count: int
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How an upload ended, and what may be done next."""

    title: str
    tone: str
    icon: str
    sentences: Sequence[str]
    figures: Sequence[Figure]
    may_check: bool = False
    undo_question: str = ""


def counted(count: int, target: Target) -> str:
    """``1 customer``, ``1,013 customers``."""
    return f"{shown_number(count)} {gettext(target.one if count == 1 else target.many)}"


def rows(count: int) -> str:
    """``1 row``, ``429 rows``."""
    return ngettext("{count} row", "{count} rows", count).format(count=shown_number(count))


def report_figures(upload: Upload) -> list[Figure]:
    """What the check has found."""
    return [
        Figure(gettext("Rows"), upload.rows),
        Figure(gettext("Good"), upload.good, "circle-check" if upload.good else "", "good"),
        Figure(gettext("Bad"), upload.bad, "alert-circle" if upload.bad else "", "bad"),
    ]


def question(upload: Upload, target: Target) -> str:
    """What uploading to the server would do, in exact numbers."""
    made, changed = upload.makes, upload.good - upload.makes
    return gettext("Make {counted}, change {changed}, leave out {rows}.").format(
        counted=counted(made, target), changed=shown_number(changed), rows=rows(upload.bad)
    )


def progress_title(upload: Upload, target: Target) -> str:
    """What is being done."""
    return {
        UploadState.CHECKING: gettext("Checking every row"),
        UploadState.APPLYING: gettext("Uploading {many} to the server").format(many=gettext(target.many)),
        UploadState.UNDOING: gettext("Taking the upload back"),
    }[UploadState(upload.state)]


def progress_words(upload: Upload, target: Target) -> str:
    """How far it is."""
    percent = f"{upload.progress} percent"
    if upload.state == UploadState.CHECKING:
        found = (
            gettext(": {rows} so far, {bad} bad").format(rows=rows(upload.rows), bad=shown_number(upload.bad))
            if upload.rows
            else ""
        )
        return f"{percent}{found}."
    if upload.state == UploadState.APPLYING:
        return gettext("{percent}: {applied} of {counted} written.").format(
            percent=percent, applied=shown_number(upload.applied), counted=counted(upload.good, target)
        )
    return gettext("{percent}: {value} of {counted} taken back.").format(
        percent=percent,
        value=shown_number(upload.undone + upload.left),
        counted=counted(upload.applied, target),
    )


def result_of(upload: Upload, target: Target) -> Result:
    """How it ended."""
    tellers = {UploadState.APPLIED: _applied, UploadState.UNDONE: _undone}
    return tellers.get(UploadState(upload.state), _failed)(upload, target)


def _applied(upload: Upload, target: Target) -> Result:
    made, changed = upload.makes, upload.applied - upload.makes
    left_out = upload.rows - upload.applied
    return Result(
        title=f"{counted(upload.applied, target)} written",
        tone="good",
        icon="circle-check",
        sentences=[
            gettext("{made} made, {changed} changed, {rows} left out.").format(
                made=shown_number(made), changed=shown_number(changed), rows=rows(left_out)
            )
        ],
        figures=[
            Figure(gettext("Made"), made),
            Figure(gettext("Changed"), changed),
            Figure(gettext("Left out"), left_out),
        ],
        undo_question=(
            gettext(
                "{counted}: those that were made are deleted, those that were changed get their former values "
                "back. What was changed since is left as it is, and listed."
            ).format(counted=counted(upload.applied, target))
        ),
    )


def _undone(upload: Upload, target: Target) -> Result:
    sentences = [gettext("{counted} taken back.").format(counted=counted(upload.undone, target))]
    if upload.left:
        sentences.append(gettext("{left} left as they are.").format(left=shown_number(upload.left)))
    return Result(
        title=gettext("The upload was undone"),
        tone="warn" if upload.left else "good",
        icon="alert-triangle" if upload.left else "arrow-back-up",
        sentences=sentences,
        figures=_taken_back(upload),
    )


def _failed(upload: Upload, target: Target) -> Result:
    stays = upload.applied - upload.undone
    told = (
        gettext("{counted} could not be taken back.").format(counted=counted(stays, target))
        if stays
        else gettext("Nothing of it stays on the server.")
    )
    return Result(
        title=gettext("The upload failed"),
        tone="bad",
        icon="alert-circle",
        sentences=[upload.problem, told],
        figures=_taken_back(upload) if upload.applied else (),
        may_check=upload.state in CHECKABLE and not stays and upload.file_forgotten_at is None,
        undo_question=gettext("What has been written is taken back.") if stays > upload.left else "",
    )


def _taken_back(upload: Upload) -> list[Figure]:
    return [
        Figure(gettext("Written"), upload.applied),
        Figure(gettext("Taken back"), upload.undone),
        Figure(gettext("Left as they are"), upload.left),
    ]
