"""The work on an upload, block by block: each in one short transaction that also notes how far it has come.

Whatever ends a process costs one block at most: the next one that works on the upload begins at the mark.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.scope import sees_everything
from linecard.audit.trail import record
from linecard.importing.actions.checking import BlockChecker, RowReader
from linecard.importing.actions.choosing import SUBJECT, target_of
from linecard.importing.models import Upload, UploadBlock
from linecard.importing.plan import stored_plan
from linecard.importing.reading.problems import FileProblem
from linecard.importing.storage import unpack
from linecard.importing.target import RowRefused, StagedRow, Written
from linecard.importing.words import UPLOAD, WORKING, AfterCrash, UploadState
from linecard.kernel.clock import now
from linecard.kernel.errors import Forbidden, LinecardError
from linecard.kernel.regional import shown_number
from linecard.web.database import delete_some
from linecard.web.long_work import commit_durably, one_block

log = logging.getLogger(__name__)


class UploadWork:
    """One process's work on one upload. It keeps the open file and what the checker looked up between blocks."""

    def __init__(self, upload_id: int) -> None:
        self._upload_id = upload_id
        self._plan: dict[str, Any] = {}
        self._reader: RowReader | None = None
        self._checker: BlockChecker | None = None

    def __str__(self) -> str:
        return f"upload {self._upload_id}"

    def advance(self) -> bool:
        """Do the next block of whatever the upload is at; False when there is nothing more to do.

        A block that collides with somebody else's write is tried again. Raises what nobody foresaw.
        """
        return one_block(self._advance_afresh)

    def fail(self, reason: str) -> bool:
        """Something unforeseen stopped the work: take back what was written, or say that this failed.

        True when there is something to take back.
        """
        with transaction.atomic():
            upload = _locked(self._upload_id)
            if upload is None:
                return False
            if upload.state == UploadState.APPLYING:
                _take_back(upload, reason)
            else:
                _finish(upload, UploadState.FAILED, reason)
            upload.save()
            return upload.state in WORKING

    def cut_off(self) -> None:
        """The process before this one was cut off: go on, or take everything back, as was chosen."""
        with transaction.atomic():
            upload = _locked(self._upload_id)
            if upload is None or upload.state != UploadState.APPLYING:
                return
            if upload.after_crash == AfterCrash.ROLL_BACK:
                _take_back(
                    upload, "The upload was cut off, and you chose that everything is then taken back."
                )
                upload.save()

    def _advance_afresh(self) -> bool:
        try:
            return self._advance()
        except (IntegrityError, OperationalError):
            self._reader = None  # it has read on already
            raise

    def _advance(self) -> bool:
        upload = _locked(self._upload_id)
        if upload is None:
            return False
        steps: dict[str, Callable[[Upload], None]] = {
            UploadState.CHECKING: self._check,
            UploadState.APPLYING: _apply,
            UploadState.UNDOING: _undo,
        }
        try:
            with transaction.atomic():
                _require_leave(upload)
                steps[upload.state](upload)
        except FileProblem as problem:
            _finish(upload, UploadState.FAILED, problem.detail)
        except Forbidden as refusal:
            _finish(upload, UploadState.FAILED, f"{refusal.detail} {_what_stays(upload)}".strip())
        except RowRefused as refusal:
            _take_back(upload, f"{refusal.detail} Nothing of the upload stays; check it again.")
        upload.save()
        return upload.state in WORKING

    def _check(self, upload: Upload) -> None:
        if upload.mark is None:
            _forget_check(upload)
            return
        if upload.plan != self._plan:  # somebody had it checked anew, otherwise
            self._plan, self._reader, self._checker = upload.plan, None, None
        if self._reader is None or self._reader.mark != upload.mark:
            self._reader = RowReader(upload, stored_plan(upload.plan))
        offset = self._reader.mark["offset"]
        block = self._reader.next_block()
        if block:
            self._block_checker(upload).check(upload, block, offset)
            upload.mark = self._reader.mark
        elif not upload.rows:
            raise FileProblem("There is no row with data below the start row.")
        else:
            _finish(upload, UploadState.CHECKED)

    def _block_checker(self, upload: Upload) -> BlockChecker:
        if self._checker is None:
            target = target_of(upload)
            checker = target.checker(_actor(upload).user, stored_plan(upload.plan))
            self._checker = BlockChecker(upload, target, checker)
        return self._checker


def _locked(upload_id: int) -> Upload | None:
    """The upload, locked, while there is work on it."""
    working = Upload.objects.filter(pk=upload_id, state__in=WORKING)
    return working.select_for_update(of=("self",)).select_related("acting").first()


def _require_leave(upload: Upload) -> None:
    """Raise ``Forbidden`` where whoever asked for the work may not do it any more: deactivated, or out of a group.

    What is taken back asks for no more than the records themselves do: nothing half done shall stay for want of leave.
    """
    by = _actor(upload)
    if not sees_everything(by.user) and upload.reseller_id != by.user.reseller_id:
        raise Forbidden(gettext("{user} belongs to another reseller now.").format(user=by.user))
    if upload.state == UploadState.UNDOING:
        return
    by.require("uploads", "create")
    for area, verb in target_of(upload).needs(stored_plan(upload.plan)):
        by.require(area, verb)


def _what_stays(upload: Upload) -> str:
    stays = upload.applied - upload.undone - upload.left
    if not stays:
        return ""
    written = (
        "1 row is written and stays" if stays == 1 else f"{shown_number(stays)} rows are written and stay"
    )
    return f"The work stopped: {written} until somebody undoes the upload."


def _forget_check(upload: Upload) -> None:
    """Forget some of what an earlier check found; when nothing is left the mark lets the new one begin."""
    if not all(delete_some(table, "upload_id", upload.pk) for table in ("upload_problem", "upload_key")):
        return
    UploadBlock.objects.filter(upload=upload).delete()
    upload.rows = upload.good = upload.bad = upload.makes = 0
    upload.applied = upload.undone = upload.left = 0
    upload.mark = {}


def _apply(upload: Upload) -> None:
    block = UploadBlock.objects.filter(upload=upload, written__isnull=True).order_by("first_row").first()
    if block is None:
        _finish(upload, UploadState.APPLIED)
        return
    rows = [StagedRow(number, staged) for number, staged in unpack(bytes(block.staged))]

    def note(row: int) -> str:
        return f"Uploaded with {upload.file_name}, row {row} (upload {upload.pk})"

    written = target_of(upload).apply(rows, by=_actor(upload), note=note) if rows else []
    block.written = [[item.row, item.subject_id, item.trace] for item in written]
    block.save(update_fields=["written"])
    upload.applied += len(written)


def _undo(upload: Upload) -> None:
    block = (
        UploadBlock.objects.filter(upload=upload, left__isnull=True, written__isnull=False)
        .defer("staged")
        .order_by("-first_row")
        .first()
    )
    if block is None:
        _finish(upload, UploadState.FAILED if upload.problem else UploadState.UNDONE, upload.problem)
        return
    written = [Written(*item) for item in block.written or ()]

    def note(row: int) -> str:
        return f"Undoing of {upload.file_name}, row {row} (upload {upload.pk})"

    def suffix(row: int) -> str:
        return f"upload {upload.pk} undone, row {row}"

    left = target_of(upload).undo(written, by=_actor(upload), note=note, suffix=suffix) if written else []
    block.left = [[item.row, item.subject_id, item.label, item.reason] for item in left]
    block.save(update_fields=["left"])
    upload.left += len(left)
    upload.undone += len(written) - len(left)


def _take_back(upload: Upload, reason: str) -> None:
    upload.state = UploadState.UNDOING
    upload.problem = reason


def _finish(upload: Upload, state: UploadState, problem: str = "") -> None:
    upload.state = state
    upload.problem = problem
    upload.finished_at = now()
    commit_durably()
    record(
        by=_actor(upload),
        action=f"upload.{state.value}",
        subject_type=SUBJECT,
        subject_id=upload.pk,
        note=f"{upload.file_name}: {_counts(upload)} {problem}".strip(),
    )


def _counts(upload: Upload) -> str:
    if upload.state == UploadState.CHECKED:
        return f"{upload.good} good, {upload.bad} bad."
    if upload.state == UploadState.APPLIED:
        return f"{upload.applied} written."
    return f"{upload.undone} taken back, {upload.left} left alone." if upload.applied else ""


def _actor(upload: Upload) -> UserActor:
    if upload.acting is None:
        raise LinecardError("Nobody asked for this work.")
    return acting(upload.acting, via=UPLOAD)
