"""How many parts an SMS is sent in (3GPP TS 23.038): what it costs follows from it.

Signs of the GSM alphabet take one unit of seven bits, those of its extension two. One sign beyond both makes the whole
text UCS-2, whose units are those of UTF-16. A sign is never split between two parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
# units in the only part, and in each of several
_GSM = (160, 153)
_UCS2 = (70, 67)
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as SMS. ``units`` are those of its encoding; ``left`` fit into the last part yet.

    ``beyond`` are the first signs that make it UCS-2.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    count: int
    units: int
    left: int
    beyond: tuple[str, ...] = ()


def segments_of(text: str) -> Segments:
    """Count a text's parts. An empty text has none."""
    beyond = tuple(dict.fromkeys(sign for sign in text if sign not in _BASIC and sign not in _EXTENSION))
    if beyond:
        widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
        return _counted("UCS-2", widths, *_UCS2, beyond[:_MOST_TOLD])
    return _counted("GSM-7", [2 if sign in _EXTENSION else 1 for sign in text], *_GSM)


def _counted(
    encoding: Literal["GSM-7", "UCS-2"],
    widths: list[int],
    alone: int,
    joined: int,
    beyond: tuple[str, ...] = (),
) -> Segments:
    units = sum(widths)
    if not units:
        return Segments(encoding, 0, 0, alone)
    if units <= alone:
        return Segments(encoding, 1, units, alone - units, beyond)
    parts = list(_parts(widths, joined))
    return Segments(encoding, len(parts), units, joined - parts[-1], beyond)


def _parts(widths: list[int], most: int) -> Iterator[int]:
    filled = 0
    for width in widths:
        if filled + width > most:
            yield filled
            filled = 0
        filled += width
    yield filled
