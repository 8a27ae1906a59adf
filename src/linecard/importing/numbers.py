"""Numbers as files write them, turned into the one spelling that fields read. The signs are chosen, never guessed."""

import re
from functools import cache

# Spreadsheets group with narrow and unbreakable spaces too.
_SPACES = " \u00a0\u2009\u202f"


def plain_number(text: str, decimal: str, thousands: str) -> str:
    """``1.234,50`` as ``1234.50`` for ``decimal=","`` and ``thousands="."``.

    Text without any of the signs stays as it is, for the field to judge. Raises ``ValueError``, with a sentence for a
    person, where a sign stands that the file is not said to use: a point between digits may mean either.
    """
    if decimal == "." and not thousands:
        return text
    bare = text.strip()
    found = _number(decimal, thousands).fullmatch(bare)
    if found is None:
        if any(sign in bare for sign in ".,'" + _SPACES) and any(char.isdigit() for char in bare):
            example = f"1{thousands}250{decimal}00"
            raise ValueError(f"Not a number as this file is said to write them, such as {example}.")
        return text
    whole = "".join(char for char in found["whole"] if char.isdigit())
    fraction = f".{found['fraction']}" if found["fraction"] else ""
    return f"{found['sign']}{whole}{fraction}{found['percent']}"


@cache
def _number(decimal: str, thousands: str) -> re.Pattern[str]:
    group = f"[{_SPACES}]" if thousands == " " else re.escape(thousands)
    grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|" if thousands else ""
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>{grouped}[0-9]+)(?:{re.escape(decimal)}(?P<fraction>[0-9]+))?(?P<percent>\s*%?)"
    )
