"""What kind of file some bytes are, whatever its name says: a workbook, text and in which encoding, or neither."""

import codecs
import io
import zipfile
from itertools import chain
from typing import NoReturn

from linecard.importing.reading.delimited import BYTE_ORDER_MARKS
from linecard.importing.reading.problems import FileProblem
from linecard.importing.reading.source import ByteSource, SourceStream, beginning, blocks

_HEAD_BYTES = 1 << 16

_PICTURE = "a picture, not a table"
_COMPRESSED = "a compressed archive: unpack it and upload the table that is in it"
_PAGE = "a web page or another document, not a table: open it in a spreadsheet and save it as CSV or XLSX"
# How files begin that are no tables, and what they are.
_SIGNATURES = {
    b"%PDF-": "a PDF, not a table: export it as CSV or XLSX",
    b"\x89PNG\r\n\x1a\n": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF87a": _PICTURE,
    b"GIF89a": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"\x1f\x8b": _COMPRESSED,
    b"BZh91AY&SY": _COMPRESSED,
    b"\xfd7zXZ\0": _COMPRESSED,
    b"\x28\xb5\x2f\xfd": _COMPRESSED,
    b"7z\xbc\xaf\x27\x1c": _COMPRESSED,
    b"Rar!\x1a\x07": _COMPRESSED,
    b"\xff\xfe\0\0": "text in UTF-32: save it as UTF-8",
    b"\0\0\xfe\xff": "text in UTF-32: save it as UTF-8",
    b"{\\rtf": _PAGE,
}
_MARKUP = (b"<?xml", b"<!doctype html", b"<html")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PROTECTED = "a workbook that is protected by a password: save it without one"
_OLD_WORKBOOK = "an old workbook (.xls): save it as XLSX or CSV"

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_PARTS = {
    "xl/workbook.bin": "a binary workbook (.xlsb): save it as XLSX or CSV",
    "content.xml": "an OpenDocument file: save it as XLSX or CSV",
    "word/document.xml": _PAGE,
}
_MAX_ZIP_DIRECTORY_BYTES = 1 << 22

_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1a"))
_UNDEFINED_IN_1252 = b"\x81\x8d\x8f\x90\x9d"


def is_workbook(source: ByteSource) -> bool:
    """Whether it is an XLSX workbook.

    Raises ``FileProblem`` for an empty file, and for everything that is recognised as something else than a table.
    """
    if source.size == 0:
        raise FileProblem("The file is empty.")
    head = beginning(source, _HEAD_BYTES)
    if head.startswith(_ZIP):
        _require_workbook(source)
        return True
    if head.startswith(_OLE):
        _refuse(_PROTECTED if _contains(source, _ENCRYPTED) else _OLD_WORKBOOK)
    for signature, what in _SIGNATURES.items():
        if head.startswith(signature):
            _refuse(what)
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:20].lower().startswith(_MARKUP):
        _refuse(_PAGE)
    return False


def text_encoding(source: ByteSource) -> str:
    """The encoding of text, by reading all of it.

    Raises ``FileProblem`` when it is no text. A few broken bytes among much valid UTF-8 leave it UTF-8: those are
    errors of their cells, and taking another encoding would spoil all the others.
    """
    head = beginning(source, _HEAD_BYTES)
    for encoding, mark in BYTE_ORDER_MARKS.items():
        if mark and head.startswith(mark):
            return encoding
    if encoding := _utf16_without_mark(head):
        return encoding
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > 8 and controls > len(head) / 20:
        raise FileProblem("The file is not text: upload a table as CSV or XLSX.")
    return _byte_encoding(source)


def _byte_encoding(source: ByteSource) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    valid = broken = undefined = 0
    for block in chain(blocks(source), [b""]):
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            broken_here = len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
            valid += len(text) - len(text.encode("ascii", "ignore")) - broken_here
            broken += broken_here
            undefined += len(block) - len(block.translate(None, _UNDEFINED_IN_1252))
    if valid > broken or not broken:
        return "utf-8"
    return "latin-1" if undefined else "windows-1252"


def _utf16_without_mark(head: bytes) -> str:
    """Text in UTF-16 has a zero in every other byte wherever it is ASCII, as digits and delimiters are."""
    first, second = (head[index::2].count(0) for index in (0, 1))
    enough = max(2, len(head) // 10)
    if second >= enough and second > 10 * first:
        return "utf-16-le"
    if first >= enough and first > 10 * second:
        return "utf-16-be"
    return ""


class _BoundedReader(io.BufferedReader):
    """The list of a ZIP's parts is read in one go, and is as long as the file says it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_ZIP_DIRECTORY_BYTES:
            raise FileProblem("This is a ZIP archive of more parts than a workbook has.")
        return super().read(_MAX_ZIP_DIRECTORY_BYTES if size is None or size < 0 else size)


def _require_workbook(source: ByteSource) -> None:
    try:
        with zipfile.ZipFile(_BoundedReader(SourceStream(source))) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise FileProblem(
            "The workbook is damaged or was cut off: save it again and upload it anew."
        ) from error
    if "xl/workbook.xml" in names:
        return
    for name, what in _ZIP_PARTS.items():
        if name in names:
            _refuse(what)
    _refuse(_COMPRESSED)


def _contains(source: ByteSource, wanted: bytes) -> bool:
    tail = b""
    for block in blocks(source):
        if wanted in tail + block:
            return True
        tail = block[-len(wanted) :]
    return False


def _refuse(what: str) -> NoReturn:
    raise FileProblem(f"This is {what}.")
