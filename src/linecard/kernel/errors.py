"""The one tree of errors that a user may see.

``LinecardError``
    ├── ``Invalid``    422  some given values are wrong; carries one ``FieldError`` for each
    ├── ``Forbidden``  403  the user may not do this
    ├── ``NotFound``   404  no such thing, or not visible to the user (deliberately the same)
    ├── ``Conflict``   409  the thing's present state does not allow this
    └── ``Stale``      412  somebody changed the thing since it was read

Every error says what is wrong and, where it can, what to do about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong value: the field's name as in the API, and a sentence for the person who typed it."""

    field: str
    message: str


class LinecardError(Exception):
    """Base of all errors meant for users. ``status`` is the HTTP status it maps to."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class Invalid(LinecardError):
    """Some values are wrong. ``errors`` names each field once or more."""

    status = 422
    title = "Some values are not valid"

    def __init__(self, errors: Iterable[FieldError] | Mapping[str, str]) -> None:
        if isinstance(errors, Mapping):
            errors = [FieldError(field, message) for field, message in errors.items()]
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))


class Forbidden(LinecardError):
    """The user is known but may not do this."""

    status = 403
    title = "Not allowed"


class NotFound(LinecardError):
    """It does not exist, or this user must not learn that it does."""

    status = 404
    title = "Not found"


class Conflict(LinecardError):
    """The present state does not allow it, for example changing an archived card."""

    status = 409
    title = "Not possible now"


class Stale(LinecardError):
    """Somebody changed it since it was read; read it again."""

    status = 412
    title = "Changed in the meantime"
