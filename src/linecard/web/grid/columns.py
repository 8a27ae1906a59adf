"""Columns: what a screen declares once, and filters, sorts, groups, the API and the page all use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import TextChoices

from linecard.kernel.money import plain_amount
from linecard.web.grid.kinds import KINDS, Kind, KindName

Word = TypeVar("Word", bound=TextChoices)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a column's possible values.

    ``tone`` puts a coloured dot before the label: ``good``, ``warn``, ``bad``, ``info`` or ``quiet``.
    """

    value: str
    label: str
    tone: str = ""


def choices_of(words: Iterable[Word], tones: Mapping[Word, str] | None = None) -> tuple[Choice, ...]:
    """Fixed words as choices. With ``tones``, those of which it says nothing are quiet."""
    return tuple(
        Choice(word.value, str(word.label), "" if tones is None else tones.get(word, "quiet"))
        for word in words
    )


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    ``source`` is the ORM path of the value, by default the column's own name. ``sort`` are the ORM paths that
    order it: for one value of the source they must always be the same. A *reference* names the path of the
    ``shown`` text beside its id, *money* the path of its ``currency``. ``folded`` is the path of a text's folded
    form, made by ``fold``: comparisons then use it, and with it its index. ``page`` is the URL name of the page of
    what a *reference* names; it takes the id. Where records show something else than the stored value, ``say`` tells
    the value of a group for people, or ``groupable`` is false.

    How it looks: ``priority`` 1 stays on the narrowest screen, larger numbers leave earlier; ``shown_first``
    is false for a column that is only shown when asked for; ``empty`` stands where there is no value;
    ``opens_row`` makes the value a link to the row's own page and keeps it in sight; ``grows`` takes spare room.
    """

    name: str
    label: str
    kind: KindName
    source: str = ""
    sort: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    shown: str = ""
    currency: str = ""
    folded: str = ""
    page: str = ""
    fold: Callable[[str], str] = str.casefold
    say: Callable[[Any], str] | None = None
    groupable: bool = True
    width: int = 140
    priority: int = 3
    shown_first: bool = True
    opens_row: bool = False
    grows: bool = False
    empty: str = ""

    def __post_init__(self) -> None:
        if self.kind == "reference" and not self.shown:
            raise TypeError(f"the reference {self.name!r} does not say what is shown")
        if self.kind == "money" and not self.currency:
            raise TypeError(f"the amount {self.name!r} has no currency")

    @property
    def rules(self) -> Kind:
        """What can be done with a column of this kind."""
        return KINDS[self.kind]

    @property
    def groups(self) -> bool:
        """Whether rows can be grouped by it."""
        return self.groupable and self.rules.groups

    @property
    def path(self) -> str:
        """The ORM path of the value."""
        return self.source or self.name

    @property
    def paths(self) -> tuple[str, ...]:
        """Every ORM path that ``write`` reads."""
        return tuple(path for path in (self.path, self.shown, self.currency) if path)

    @property
    def sort_paths(self) -> tuple[str, ...]:
        """The ORM paths that order this column."""
        return self.sort or (self.shown or self.path,)

    def write(self, record: Mapping[str, Any]) -> Any:
        """The JSON value of this column in a record of ORM paths."""
        value = record[self.path]
        if self.kind == "reference" and record[self.shown] is not None:
            return {
                "id": value,
                "name": record[self.shown],
            }  # without an id: what is not there yet, or no longer
        if value is None:
            return None
        if self.kind == "money":
            return plain_amount(value, record[self.currency])
        return self.rules.write(value)

    def read(self, value: object) -> Any:
        """The stored value of a filter's JSON value. Raises ``ValueError``."""
        stored = self.rules.read(value)
        if self.choices and stored not in {choice.value for choice in self.choices}:
            known = ", ".join(choice.value for choice in self.choices[:20])
            raise ValueError(f"Must be one of: {known}.")
        return stored
