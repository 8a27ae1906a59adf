"""What a room registers so that files can be uploaded into its records."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.accounts.permissions import Verb
from linecard.fields import Field
from linecard.importing.plan import Plan
from linecard.kernel.errors import FieldError, LinecardError

# What a target keeps between checking, applying and undoing: any JSON value; nobody else looks into it.
Staged = Any
Trace = Any


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as somebody could have typed it: text by field. Fields that the row leaves alone are not there."""

    number: int
    texts: Mapping[str, str]


@dataclass(slots=True)
class Verdict:
    """What the check found about a row: what is to be written, or why not.

    ``keys`` are the values by field that no other row of the file may have, in the spelling in which they are compared.
    """

    errors: list[FieldError] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    staged: Staged = None
    makes: bool = True


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row that was found good."""

    number: int
    staged: Staged


@dataclass(frozen=True, slots=True)
class Written:
    """What a row has become: the record's id, and what the target needs to take it back."""

    row: int
    subject_id: int
    trace: Trace


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What an undoing did not touch (or not wholly), and why."""

    row: int
    subject_id: int
    label: str
    reason: str


class RowRefused(LinecardError):
    """A row that was good when it was checked can no longer be written."""

    status = 409
    title = "Changed since the check"

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(f"Row {row:,}: {reason}")


class Checker(ABC):
    """Checks rows for one upload; made anew for each stretch of work, so it may remember what it looked up."""

    @abstractmethod
    def check(self, rows: Sequence[TypedRow]) -> list[Verdict]:
        """One verdict for each row, in order, by the same rules as the form."""


class Target(ABC):
    """A kind of record that files can be uploaded into.

    ``name`` is its name in the API, ``one`` and ``many`` are its names for people. ``keys`` are the fields by which a
    row can find the record that it updates, the first being the usual one. ``aliases`` are folded headings that often
    stand above a field's column.
    """

    name: str
    one: str
    many: str
    fields: Mapping[str, Field]
    required: tuple[str, ...]
    keys: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]
    list_url: str  # name of the page that lists the records

    @abstractmethod
    def needs(self, plan: Plan) -> list[tuple[str, Verb]]:
        """What a user must be permitted for such an upload: areas and verbs."""

    @abstractmethod
    def checker(self, user: User, plan: Plan) -> Checker:
        """A checker in the name of a user."""

    @abstractmethod
    def apply(self, rows: Sequence[StagedRow], *, by: UserActor, note: Callable[[int], str]) -> list[Written]:
        """Write rows, in the caller's transaction, with ``note(row)`` in their history. Raises ``RowRefused``."""

    @abstractmethod
    def undo(
        self,
        written: Sequence[Written],
        *,
        by: UserActor,
        note: Callable[[int], str],
        suffix: Callable[[int], str],
    ) -> list[LeftAlone]:
        """Take rows back, in the caller's transaction. What was changed since is left alone and returned.

        ``suffix(row)`` tells a record that is put away from the one that the mended file will make.
        """

    @abstractmethod
    def address(self, subject_id: int) -> str:
        """The URL of a record's page."""


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    """Offer uploads into a kind of record; called when the program starts."""
    _targets[target.name] = target


def target_named(name: str) -> Target | None:
    """The target of that name in the API."""
    return _targets.get(name)


def all_targets() -> list[Target]:
    """Every kind of record that files can be uploaded into, by name."""
    return [_targets[name] for name in target_names()]


def target_names() -> list[str]:
    """The names of all targets."""
    return sorted(_targets)
