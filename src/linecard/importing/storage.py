"""An upload's file, kept in the database in pieces and read back by position: it is never whole in memory."""

import json
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext

from linecard.importing.models import Upload, UploadPiece
from linecard.kernel.errors import Conflict

PIECE_BYTES = 1024 * 1024
# So many pieces no file has; the ones from this number on are not in use.
MAX_PIECES = 1_000_000

Part = UploadPiece.Part


class StoredFile:
    """The bytes of one part of an upload, by position; the last piece that was read is remembered."""

    def __init__(self, upload_id: int, part: str, size: int) -> None:
        self.size = size
        self._pieces = UploadPiece.objects.filter(upload_id=upload_id, part=part)
        self._number = -1
        self._content = b""

    def read_at(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from a position: to the end of their piece; nothing at the end of the file."""
        if offset >= self.size:
            return b""
        number, within = divmod(offset, PIECE_BYTES)
        if number != self._number:
            self._content = bytes(self._pieces.values_list("content", flat=True).get(number=number))
            self._number = number
        return self._content[within : within + length]


def stored_file(upload: Upload) -> StoredFile:
    """The file as it was uploaded. Raises ``Conflict`` when it is no longer kept."""
    _require_kept(upload)
    return StoredFile(upload.pk, Part.FILE, upload.size or 0)


def stored_rows(upload: Upload) -> StoredFile:
    """The delimited text that rows are read from: of a workbook, the chosen sheet as it was written out.

    Raises ``Conflict`` when the file is no longer kept.
    """
    _require_kept(upload)
    if upload.sniffed.get("kind") != "workbook":
        return stored_file(upload)
    return StoredFile(upload.pk, Part.ROWS, upload.sniffed["rows_size"])


def _require_kept(upload: Upload) -> None:
    if upload.file_forgotten_at is not None:
        raise Conflict(
            gettext("The file of this upload is no longer kept; what it has written can still be taken back.")
        )


class PieceWriter:
    """Takes bytes in any portions and stores them in pieces of the one size, numbered from ``first`` on."""

    def __init__(self, upload: Upload, part: str, first: int = 0) -> None:
        self.size = 0
        self._upload = upload
        self._part = part
        self._number = first
        self._buffer = bytearray()

    def write(self, portion: bytes) -> None:
        """Take some more bytes."""
        self._buffer += portion
        self.size += len(portion)
        while len(self._buffer) >= PIECE_BYTES:
            self._store(bytes(self._buffer[:PIECE_BYTES]))
            del self._buffer[:PIECE_BYTES]

    def finish(self) -> int:
        """Store what is left; the size in bytes."""
        if self._buffer:
            self._store(bytes(self._buffer))
            self._buffer.clear()
        return self.size

    def _store(self, content: bytes) -> None:
        store_piece(self._upload, self._part, self._number, content)
        self._number += 1


def store_piece(upload: Upload, part: str, number: int, content: bytes) -> None:
    """Store one piece; the same piece once more takes the place of the first."""
    UploadPiece.objects.bulk_create(
        [UploadPiece(upload=upload, part=part, number=number, content=content)],
        update_conflicts=True,
        update_fields=["content"],
        unique_fields=["upload_id", "part", "number"],
    )


def put_in_place(upload: Upload, part: str, first: int) -> None:
    """Read the part from the pieces that were stored from number ``first`` on, instead of those in use."""
    pieces = UploadPiece.objects.filter(upload=upload, part=part)
    pieces.filter(number__lt=MAX_PIECES).delete()
    pieces.filter(number__range=(first, first + MAX_PIECES - 1)).update(number=F("number") - first)


def forget_pieces(upload: Upload, part: str, first: int) -> None:
    """Forget the pieces that were stored from number ``first`` on."""
    pieces = UploadPiece.objects.filter(upload=upload, part=part)
    pieces.filter(number__range=(first, first + MAX_PIECES - 1)).delete()


def received_bytes(upload: Upload) -> int:
    """How much of the file is there."""
    pieces = UploadPiece.objects.filter(upload=upload, part=Part.FILE)
    return pieces.aggregate(size=Sum(Length("content")))["size"] or 0


def portions(upload: Upload) -> Iterator[bytes]:
    """The file, piece after piece."""
    source = stored_file(upload)
    for offset in range(0, source.size, PIECE_BYTES):
        yield source.read_at(offset, PIECE_BYTES)


@contextmanager
def as_file(contents: Iterable[bytes], suffix: str) -> Iterator[Path]:
    """A temporary file of some bytes, for a reader that needs one."""
    folder = Path(tempfile.mkdtemp(prefix="linecard-upload-"))
    try:
        path = folder / f"file{suffix}"
        with path.open("wb") as file:
            file.writelines(contents)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pack(value: Any) -> bytes:
    """Any JSON value, compressed: what a million rows stage is written once and read once."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), level=1)


def unpack(packed: bytes) -> Any:
    """The value that ``pack`` made so."""
    return json.loads(zlib.decompress(packed))
