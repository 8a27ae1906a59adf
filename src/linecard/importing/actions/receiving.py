"""Taking a file in: in pieces from a browser, or whole from the API and the command line."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.importing.actions.forgetting import forget_upload
from linecard.importing.models import Upload
from linecard.importing.proposing import propose, remembered_mapping
from linecard.importing.queries import get_upload, lock_receiving, lock_upload, missing_pieces
from linecard.importing.reading.detection import is_workbook
from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.workbook import convert, sheet_names
from linecard.importing.storage import (
    MAX_PIECES,
    PIECE_BYTES,
    Part,
    PieceWriter,
    as_file,
    forget_pieces,
    portions,
    put_in_place,
    received_bytes,
    store_piece,
    stored_file,
)
from linecard.importing.target import Target, target_named, target_names
from linecard.importing.words import CHECKABLE, UploadState
from linecard.kernel.errors import Conflict, Invalid
from linecard.kernel.regional import shown_number

MAX_NAME = 255
DEFAULT_MAX_BYTES = 512 * 1024 * 1024


def begin_upload(
    *, target: str, file_name: str, size: int, by: UserActor, max_bytes: int = DEFAULT_MAX_BYTES
) -> Upload:
    """Announce a file of ``size`` bytes that will come in pieces. Raises ``Invalid``."""
    by.require("uploads", "create")
    errors = {}
    if size < 1:
        errors["file"] = gettext("The file is empty.")
    elif size > max_bytes:
        errors["file"] = gettext("The file is too large: at most {value} MB.").format(
            value=shown_number(max_bytes // 1024**2)
        )
    if errors:
        raise Invalid(errors)
    return Upload.objects.create(
        target=_existing_target(target).name,
        file_name=_plain_name(file_name),
        size=size,
        made_by=by.user,
        reseller_id=by.user.reseller_id,
    )


def piece_count(size: int) -> int:
    """In how many pieces a file of that many bytes comes."""
    return -(-size // PIECE_BYTES)


@transaction.atomic
def receive_piece(*, upload_id: int, number: int, content: bytes, by: UserActor) -> None:
    """Take one piece, counted from 0, in any order; one that comes twice is kept once.

    Raises ``NotFound`` and ``Invalid``.
    """
    by.require("uploads", "create")
    upload = lock_receiving(by.user, upload_id)
    size = upload.size or 0
    if not 0 <= number < piece_count(size):
        raise Invalid(
            {"number": gettext("The file has pieces 0 to {value}.").format(value=piece_count(size) - 1)}
        )
    wanted = min(PIECE_BYTES, size - number * PIECE_BYTES)
    if len(content) != wanted:
        raise Invalid(
            {
                "content": gettext("Piece {number} has {wanted} bytes; {came} came.").format(
                    number=number, wanted=shown_number(wanted), came=shown_number(len(content))
                )
            }
        )
    store_piece(upload, Part.FILE, number, content)


def finish_upload(*, upload_id: int, by: UserActor) -> Upload:
    """All pieces have come: look into the file and propose how to read it.

    Raises ``NotFound``, ``Conflict`` while pieces are missing, and ``FileProblem``, which forgets the file.
    """
    by.require("uploads", "create")
    with transaction.atomic():
        upload = lock_receiving(by.user, upload_id)
        if missing_pieces(upload, piece_count(upload.size or 0)):
            raise Conflict(gettext("Not all of the file has come yet."))
    return _look_into(upload)


def receive_file(
    *,
    target: str,
    file_name: str,
    portions: Iterable[bytes],
    by: UserActor,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> Upload:
    """Take a whole file, portion by portion, and look into it. Raises ``Invalid`` and ``FileProblem``."""
    by.require("uploads", "create")
    upload = Upload.objects.create(
        target=_existing_target(target).name,
        file_name=_plain_name(file_name),
        made_by=by.user,
        reseller_id=by.user.reseller_id,
    )
    try:
        writer = PieceWriter(upload, Part.FILE)
        for portion in portions:
            writer.write(portion)
            if writer.size > max_bytes:
                raise Invalid(
                    {
                        "file": gettext("The file is too large: at most {value} MB.").format(
                            value=shown_number(max_bytes // 1024**2)
                        )
                    }
                )
        upload.size = writer.finish()
        upload.save(update_fields=["size"])
    except BaseException:
        upload.delete()
        raise
    return _look_into(upload)


def choose_sheet(*, upload_id: int, sheet: str, by: UserActor) -> Upload:
    """Read another sheet of a workbook. Raises ``NotFound``, ``Conflict`` once it is applied, and ``Invalid``.

    Raises ``FileProblem`` for a sheet that cannot be read; then the one before stays.
    """
    by.require("uploads", "create")
    upload = get_upload(by.user, upload_id)
    if sheet not in upload.sniffed.get("sheets", []):
        raise Invalid({"sheet": gettext("The workbook has no such sheet.")})
    if sheet == upload.sniffed["sheet"]:
        return upload
    _require_choosable(upload)
    written = _write_out_sheet(upload, sheet)
    try:
        with transaction.atomic():
            upload = lock_upload(by.user, upload_id)
            _require_choosable(upload)
            written.take(upload)
    except BaseException:
        forget_pieces(upload, Part.ROWS, written.aside)
        raise
    return upload


def forget_mapping(*, upload_id: int, by: UserActor) -> Upload:
    """Forget how files with these headings were read, and propose a mapping anew.

    Raises ``NotFound``, and ``Conflict`` once it is applied.
    """
    by.require("uploads", "create")
    upload = get_upload(by.user, upload_id)
    _require_choosable(upload)
    remembered = remembered_mapping(upload, upload.sniffed.get("headings", []))
    if remembered is not None:
        remembered.delete()
    propose(upload, _existing_target(upload.target))
    with transaction.atomic():
        _require_choosable(lock_upload(by.user, upload_id))
        upload.save(update_fields=["sniffed", "plan"])
    return upload


def discard_upload(*, upload_id: int, by: UserActor) -> None:
    """Forget a file of which nothing has been written. Raises ``NotFound`` and ``Conflict``."""
    by.require("uploads", "create")
    with transaction.atomic():
        receiving = Upload.objects.filter(pk=upload_id, made_by=by.user, state=UploadState.RECEIVING)
        upload = receiving.select_for_update().first() or lock_upload(by.user, upload_id)
        if upload.state not in (UploadState.RECEIVING, *CHECKABLE) or upload.applied:
            raise Conflict(gettext("What this upload has written names it; undo it instead."))
        # nobody sees it from now on; what is cut off here is done by night
        upload.state = UploadState.RECEIVING
        upload.save(update_fields=["state"])
    forget_upload(upload)


def _require_choosable(upload: Upload) -> None:
    if upload.state not in CHECKABLE:
        raise Conflict(
            gettext("This upload is {state}; that is not possible now.").format(
                state=gettext(upload.get_state_display()).lower()
            )
        )


def _look_into(upload: Upload) -> Upload:
    """Sniff a file that has come; one that cannot be read is forgotten with its refusal."""
    try:
        if received_bytes(upload) != upload.size:
            raise FileProblem(gettext("The file was cut off on its way: send it again."))
        if is_workbook(stored_file(upload)):
            written = _write_out_sheet(upload, None)
            return _settle(upload, written)
        propose(upload, _existing_target(upload.target))
        return _settle(upload)
    except FileProblem:
        Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVING).delete()
        raise


def _settle(upload: Upload, written: "_WrittenSheet | None" = None) -> Upload:
    """What was found in a file is kept, unless somebody who looked into it at the same time was earlier."""
    with transaction.atomic():
        stored = Upload.objects.select_for_update().get(pk=upload.pk)
        if stored.state != UploadState.RECEIVING:
            if written:
                forget_pieces(stored, Part.ROWS, written.aside)
        elif written:
            written.take(stored)
        else:
            stored.sniffed, stored.plan, stored.state = upload.sniffed, upload.plan, UploadState.UPLOADED
            stored.save(update_fields=["sniffed", "plan", "state"])
    return stored


@dataclass(frozen=True, slots=True)
class _WrittenSheet:
    """A sheet that was written out as delimited text: its pieces wait from the number ``aside`` on."""

    sniffed: dict[str, Any]
    aside: int

    def take(self, upload: Upload) -> None:
        """Have a locked upload read this sheet from now on. Raises ``FileProblem``."""
        put_in_place(upload, Part.ROWS, self.aside)
        upload.sniffed = self.sniffed
        propose(upload, _existing_target(upload.target))
        upload.state = UploadState.UPLOADED
        upload.save(update_fields=["sniffed", "plan", "state"])


def _write_out_sheet(upload: Upload, sheet: str | None) -> _WrittenSheet:
    """Write a sheet of the workbook out, aside: what is in use stays until all of it is there."""
    aside = MAX_PIECES * (1 + secrets.randbelow(1000))  # two that write at once each have their own
    try:
        with as_file(portions(upload), ".xlsx") as path:
            sheets = sheet_names(path)
            writer = PieceWriter(upload, Part.ROWS, aside)
            chosen = convert(path, sheet, writer.write)
            size = writer.finish()
    except BaseException:
        forget_pieces(upload, Part.ROWS, aside)
        raise
    sniffed = {"kind": "workbook", "sheets": sheets, "sheet": chosen, "rows_size": size}
    return _WrittenSheet(sniffed, aside)


def _existing_target(name: str) -> Target:
    target = target_named(name)
    if target is None:
        raise Invalid({"target": gettext("Must be one of {names}.").format(names=", ".join(target_names()))})
    return target


def _plain_name(file_name: str) -> str:
    """The file's name without folders and without characters that no screen shows."""
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in bare if char.isprintable())[:MAX_NAME].strip() or "file"
