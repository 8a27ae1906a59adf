"""How the cells of a workbook are written as text, without losing a digit in silence."""

import datetime
from decimal import Decimal

# More digits than these a spreadsheet does not keep: of a longer number the end is made up.
MAX_DIGITS = 15

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def cell_text(cell: Cell) -> str:
    """The text of one cell: plain numbers, ``true`` or ``false``, dates and times as in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime.timedelta):
        return _duration_text(cell)
    return cell.isoformat()


def number_text(number: float) -> str:
    """A number as an integer or a decimal; in scientific notation when the spreadsheet has lost digits of it.

    So the rule that refuses scientific notation refuses the number too.
    """
    plain = repr(number).removesuffix(".0")
    if len(plain) <= MAX_DIGITS and "e" not in plain and plain != "-0":
        return plain  # nearly all are, and a sheet has millions
    exact = Decimal(plain).normalize()
    digits = len(exact.as_tuple().digits)
    if max(digits, exact.adjusted() + 1) > MAX_DIGITS:
        return f"{exact:.{max(digits, MAX_DIGITS) - 1}E}"
    return f"{exact:f}" if exact else "0"


def _duration_text(duration: datetime.timedelta) -> str:
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
