"""What the trail's entries are about: the rooms say how to name, find and tell what is theirs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from linecard.audit.models import AuditEntry

Names = Mapping[int, str]

# So many subjects are looked for by their ids; more are found by reading all entries.
MAX_NAMED = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """What one field was and is, for people; empty where there is nothing."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        if "\n" in f"{self.old}{self.new}":
            return gettext("{label} changed").format(label=self.label)
        if not self.old:
            return f"{self.label}: {self.new or gettext('empty')}"
        return f"{self.label}: {self.old} → {self.new or gettext('empty')}"


def _no_names(ids: Iterable[int]) -> Names:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A type of subject.

    ``names`` gives what those of some ids are called now. ``page`` is the URL name of one's own page, which takes the
    id. ``find`` gives the ids (as a queryset of them) that a search finds. ``refers`` says which fields of the changes
    hold ids, of which type. ``lines`` tells the changes of some entries, by the entry's id, where the plain way will
    not do.
    """

    type: str
    label: str
    names: Callable[[Iterable[int]], Names] = _no_names
    page: str = ""
    find: Callable[[str], QuerySet[Any, Any]] | None = None
    refers: Mapping[str, str] = field(default_factory=dict)
    lines: Callable[[Sequence[AuditEntry]], Mapping[int, list[Line]]] | None = None


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Offer a type of subject; called when the program starts."""
    _subjects[subject.type] = subject


def all_subjects() -> list[Subject]:
    """Every type that is known, by label."""
    return sorted(_subjects.values(), key=lambda subject: subject.label)


def label_of(subject_type: str) -> str:
    """What a type of subject is called."""
    known = _subjects.get(subject_type)
    return gettext(known.label) if known else _plain(subject_type)


def what_was_done(action: str) -> str:
    """An action for people: ``user.password_set`` is *User password set*."""
    return _plain(action.replace(".", " "))


def names_of(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What subjects, each a type and an id, are called now; those that are gone are missing. A query for each type."""
    ids: dict[str, set[int]] = defaultdict(set)
    for subject_type, subject_id in wanted:
        ids[subject_type].add(subject_id)
    return {
        (subject_type, subject_id): name
        for subject_type, some in ids.items()
        if subject_type in _subjects
        for subject_id, name in _subjects[subject_type].names(some).items()
    }


def page_of(subject_type: str, subject_id: int) -> str:
    """The address of a subject's own page; empty for one that has none."""
    known = _subjects.get(subject_type)
    return reverse(known.page, args=[subject_id]) if known and known.page else ""


def found_by(text: str) -> Q:
    """The entries about subjects that a search finds.

    Few of them are named one by one, so that each way to an entry can go by an index of its own.
    """
    found = Q()
    for subject in _subjects.values():
        if subject.find is None:
            continue
        ids = list(subject.find(text).values_list("pk", flat=True)[: MAX_NAMED + 1])
        if len(ids) > MAX_NAMED:
            found |= Q(subject_type=subject.type, subject_id__in=subject.find(text))
        elif ids:
            found |= Q(subject_type=subject.type, subject_id__in=ids)
    return found


def lines_of(entries: Sequence[AuditEntry]) -> dict[int, list[Line]]:
    """What the changes of some entries say, by the entry's id."""
    by_type: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        by_type[entry.subject_type].append(entry)
    told: dict[int, list[Line]] = {}
    for subject_type, some in by_type.items():
        known = _subjects.get(subject_type)
        if known is not None and known.lines is not None:
            told.update(known.lines(some))
        else:
            told.update(_plain_lines(some, known.refers if known else {}))
    return told


def _plain_lines(entries: Iterable[AuditEntry], refers: Mapping[str, str]) -> dict[int, list[Line]]:
    entries = list(entries)
    named = (
        (refers[name], value)
        for entry in entries
        for name, pair in entry.changes.items()
        if name in refers
        for value in pair
        if isinstance(value, int)
    )
    names = names_of(named)

    def show(name: str, value: Any) -> str:
        if name in refers and isinstance(value, int):
            return names.get((refers[name], value), f"#{value}")
        return _shown(value)

    return {
        entry.pk: [
            Line(_plain(name), show(name, old), show(name, new))
            for name, (old, new) in sorted(entry.changes.items())
        ]
        for entry in entries
    }


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(part)}" for key, part in value.items())
    return str(value)


def _plain(name: str) -> str:
    words = name.replace("_", " ").replace(".", ": ")
    return words[:1].upper() + words[1:]
