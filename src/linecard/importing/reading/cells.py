"""What can be said about a single cell without knowing which field it is for."""

import re

# Bytes that mean nothing in the file's encoding come as lone surrogates. PostgreSQL stores neither these nor NUL.
_SURROGATE = re.compile("[\ud800-\udfff]")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")


def unreadable(cell: str) -> str:
    """Why a cell cannot be stored, to go on after its name; empty when it can."""
    if "\0" in cell:
        return "holds a NUL character"
    if not cell.isascii() and _SURROGATE.search(cell):
        return "holds bytes that are not valid in the file's encoding"
    return ""


def storable(cell: str) -> str:
    """The cell with a visible character in the place of each that cannot be stored."""
    if cell.isascii():
        return cell.replace("\0", "\u2400")
    return _SURROGATE.sub("\ufffd", cell).replace("\0", "\u2400")


def scientific(cell: str) -> bool:
    """Whether a whole cell is written as ``4.47912E+11``: a spreadsheet's long number that has lost its digits."""
    return _SCIENTIFIC.fullmatch(cell.strip()) is not None
