"""The clock: every moment is an aware datetime in UTC, written as RFC 3339 writes it."""

from datetime import UTC, datetime

# Longer than any moment with its fraction and offset.
_MAX_LENGTH = 40


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def write_moment(moment: datetime) -> str:
    """The moment in UTC as in ``2026-01-31T12:00:00Z``, with microseconds where it has some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_moment_or_none(moment: datetime | None) -> str | None:
    """As ``write_moment``; None for what has not happened."""
    return None if moment is None else write_moment(moment)


def read_moment(text: str) -> datetime:
    """The moment that such a text names, in UTC; another offset is turned into UTC.

    Raises ``ValueError`` with a sentence for the person who wrote it.
    """
    try:
        moment = datetime.fromisoformat(text if len(text) <= _MAX_LENGTH else "")
    except ValueError as error:
        raise ValueError("Must be a time such as 2026-01-31T12:00:00Z.") from error
    if moment.tzinfo is None:
        raise ValueError("The time needs its zone: add Z for UTC.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("Is outside the calendar.") from error
