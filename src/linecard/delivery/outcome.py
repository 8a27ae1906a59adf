"""What became of handing a message over."""

from dataclasses import dataclass

MAX_WORDS = 500


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has taken it. ``reference`` is what it calls the message, where it says so."""

    reference: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Temporary:
    """It was not taken now; another time it may be."""

    words: str


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never be taken."""

    words: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection was lost before the other side answered: it may have taken it."""

    words: str


@dataclass(frozen=True, slots=True)
class Away:
    """The other side could not be reached now, so nothing was handed over; another time it may be."""

    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """We were not let in at all: as good as any message would fare, so none was handed over."""

    words: str


Outcome = Accepted | Temporary | Permanent | Unknown | Away | Refused


def readable(words: str | bytes) -> str:
    """What the other side said as one line of bounded length, without control characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= MAX_WORDS else f"{line[: MAX_WORDS - 1]}…"
