"""How numbers are written and which zone holds where nobody chose one: alike in the whole installation.

Whoever keeps the settings says where this comes from. It is read at most once for each request and each piece of
work (``regional_kept``); outside of them the built-in way holds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What stands between thousands and before decimals; ``locale`` is one in which browsers write the same."""

    thousands: str
    point: str
    locale: str


NUMBER_FORMATS = {
    "comma_point": NumberFormat(",", ".", "en"),
    "point_comma": NumberFormat(".", ",", "de"),
    "space_comma": NumberFormat("\u202f", ",", "fr"),
    "apostrophe_point": NumberFormat("\u2019", ".", "de-CH"),
}

# Of what keyboards do not have, SMS would become twice as long.
_TYPED = str.maketrans({"\u202f": " ", "\u2019": "'"})


@dataclass(frozen=True, slots=True)
class Regional:
    """``time_zone`` is a name of the IANA database."""

    numbers: NumberFormat = NUMBER_FORMATS["comma_point"]
    time_zone: str = "UTC"


_BUILT_IN = Regional()
_sources: list[Callable[[], Regional]] = []
_kept: ContextVar[list[Regional] | None] = ContextVar("regional", default=None)


def take_regional_from(source: Callable[[], Regional]) -> None:
    """Say where it is set. Called when the program starts."""
    _sources[:] = [source]


@contextmanager
def regional_kept() -> Iterator[None]:
    """Inside, what is set is read when it is first needed, and then kept."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def regional() -> Regional:
    """What holds in this request or piece of work."""
    kept = _kept.get()
    if kept is None or not _sources:
        return _BUILT_IN
    if not kept:
        kept.append(_sources[0]())
    return kept[0]


def shown_number(number: int) -> str:
    """A whole number with its thousands set apart: ``1,234,567``."""
    return f"{number:,}".replace(",", regional().numbers.thousands)


def shown_decimal(text: str) -> str:
    """A plain decimal, such as ``-1234.50``, as people read it: ``-1,234.50``. Anything else stays as it is."""
    whole, dot, fraction = text.partition(".")
    digits = whole.removeprefix("-")
    if not digits.isdigit() or (dot and not fraction.isdigit()):
        return text
    sign = "-" if whole.startswith("-") else ""
    return sign + shown_number(int(digits)) + (regional().numbers.point + fraction if dot else "")


def typed_number(shown: str) -> str:
    """A shown number in characters that every keyboard has."""
    return shown.translate(_TYPED)
