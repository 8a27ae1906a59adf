"""What an upload has done and will do, in words and figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from linecard.importing.models import Upload
from linecard.importing.target import Target
from linecard.importing.words import CHECKABLE, UploadState


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
    return f"{count:,} {target.one if count == 1 else target.many}"


def rows(count: int) -> str:
    """``1 row``, ``429 rows``."""
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def report_figures(upload: Upload) -> list[Figure]:
    """What the check has found."""
    return [
        Figure("Rows", upload.rows),
        Figure("Good", upload.good, "circle-check" if upload.good else "", "good"),
        Figure("Bad", upload.bad, "alert-circle" if upload.bad else "", "bad"),
    ]


def question(upload: Upload, target: Target) -> str:
    """What uploading to the server would do, in exact numbers."""
    made, changed = upload.makes, upload.good - upload.makes
    return f"Make {counted(made, target)}, change {changed:,}, leave out {rows(upload.bad)}."


def progress_title(upload: Upload, target: Target) -> str:
    """What is being done."""
    return {
        UploadState.CHECKING: "Checking every row",
        UploadState.APPLYING: f"Uploading {target.many} to the server",
        UploadState.UNDOING: "Taking the upload back",
    }[UploadState(upload.state)]


def progress_words(upload: Upload, target: Target) -> str:
    """How far it is."""
    percent = f"{upload.progress} percent"
    if upload.state == UploadState.CHECKING:
        found = f": {rows(upload.rows)} so far, {upload.bad:,} bad" if upload.rows else ""
        return f"{percent}{found}."
    if upload.state == UploadState.APPLYING:
        return f"{percent}: {upload.applied:,} of {counted(upload.good, target)} written."
    return f"{percent}: {upload.undone + upload.left:,} of {counted(upload.applied, target)} taken back."


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
        sentences=[f"{made:,} made, {changed:,} changed, {rows(left_out)} left out."],
        figures=[Figure("Made", made), Figure("Changed", changed), Figure("Left out", left_out)],
        undo_question=(
            f"{counted(upload.applied, target)}: those that were made are deleted, those that were changed get their "
            "former values back. What was changed since is left as it is, and listed."
        ),
    )


def _undone(upload: Upload, target: Target) -> Result:
    sentences = [f"{counted(upload.undone, target)} taken back."]
    if upload.left:
        sentences.append(f"{upload.left:,} left as they are.")
    return Result(
        title="The upload was undone",
        tone="warn" if upload.left else "good",
        icon="alert-triangle" if upload.left else "arrow-back-up",
        sentences=sentences,
        figures=_taken_back(upload),
    )


def _failed(upload: Upload, target: Target) -> Result:
    stays = upload.applied - upload.undone
    told = (
        f"{counted(stays, target)} could not be taken back."
        if stays
        else "Nothing of it stays on the server."
    )
    return Result(
        title="The upload failed",
        tone="bad",
        icon="alert-circle",
        sentences=[upload.problem, told],
        figures=_taken_back(upload) if upload.applied else (),
        may_check=upload.state in CHECKABLE and not stays and upload.file_forgotten_at is None,
        undo_question="What has been written is taken back." if stays > upload.left else "",
    )


def _taken_back(upload: Upload) -> list[Figure]:
    return [
        Figure("Written", upload.applied),
        Figure("Taken back", upload.undone),
        Figure("Left as they are", upload.left),
    ]
