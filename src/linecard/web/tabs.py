"""A form in tabs: which field stands on which tab, and how many errors each tab has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BaseForm
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. ``slug`` is its name in the page's address (``#config``); ``fields`` are names of form fields."""

    slug: str
    label: str
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab of one form: ``is_initial`` is the one that is open when the page comes."""

    slug: str
    label: str
    error_count: int
    is_initial: bool


def tabs_of(form: BaseForm, tabs: Sequence[Tab]) -> list[ShownTab]:
    """Count the fields with errors per tab; the first such tab is open, else the first of all.

    Errors that belong to no field stand above the tabs and count for none of them.
    """
    counts = [sum(1 for name in tab.fields if form.has_error(name)) for tab in tabs]
    initial = next((position for position, count in enumerate(counts) if count), 0)
    return [
        ShownTab(tab.slug, gettext(tab.label), count, position == initial)
        for position, (tab, count) in enumerate(zip(tabs, counts, strict=True))
    ]
