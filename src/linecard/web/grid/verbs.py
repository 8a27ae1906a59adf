"""What rooms above add to a grid's page: a button for its selection, with a dialog and a script of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One addition. ``button`` and ``dialog`` are templates, ``script`` a module, ``style`` a style sheet.

    The script awaits ``started`` of ``web/grid/grid.js``. ``visible`` says per request who sees it; it hides a button
    and protects nothing.
    """

    grid: str
    button: str
    dialog: str
    script: str
    style: str
    visible: Callable[[HttpRequest], bool]


_verbs: list[Verb] = []


def register(verb: Verb) -> None:
    """Add to a grid's page; called when the program starts."""
    _verbs.append(verb)


def verbs_of(grid: str, request: HttpRequest) -> list[Verb]:
    """What is added to the page of that grid, for this request."""
    return [verb for verb in _verbs if verb.grid == grid and verb.visible(request)]
