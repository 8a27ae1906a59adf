"""When a pending change is to happen, and where in the body its values stood."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils.translation import gettext

from linecard.customers.api.schemas import MAX_DELAY_SECONDS, Planned
from linecard.kernel.clock import now, read_moment
from linecard.kernel.errors import FieldError, Invalid
from linecard.kernel.regional import shown_number


def planned_time(planned: Planned) -> datetime:
    """The time that a body asks for, in one of the two ways. Raises ``Invalid``."""
    if (planned.run_at is None) == (planned.delay_seconds is None):
        raise Invalid({"run_at": gettext("Give either run_at or delay_seconds.")})
    if planned.run_at is not None:
        return given_time("run_at", planned.run_at)
    seconds = planned.delay_seconds or 0
    if not 0 <= seconds <= MAX_DELAY_SECONDS:
        raise Invalid(
            {
                "delay_seconds": gettext("Must be from 0 to {most}.").format(
                    most=shown_number(MAX_DELAY_SECONDS)
                )
            }
        )
    return now() + timedelta(seconds=seconds)


def given_time(name: str, text: str) -> datetime:
    """The time in a field of the body. Raises ``Invalid``."""
    try:
        return read_moment(text)
    except ValueError as error:
        raise Invalid({name: str(error)}) from error


@contextmanager
def errors_below(part: str, names: Iterable[str]) -> Iterator[None]:
    """Name the errors of fields that stood inside an object of the body by their whole path."""
    try:
        yield
    except Invalid as refusal:
        inside = frozenset(names)
        raise Invalid(
            FieldError(f"{part}.{error.field}" if error.field in inside else error.field, error.message)
            for error in refusal.errors
        ) from refusal
