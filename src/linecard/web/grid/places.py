"""Where grids are shown: what works alike on all of them (export, saved views) finds a grid here by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from linecard.kernel.errors import NotFound
from linecard.web.grid.page import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that is a grid.

    ``url_name`` is the page's. ``screen`` is what a user sees there; ``rows`` gives those that they may see, and raises
    ``Forbidden`` for one who may see none.
    """

    url_name: str
    screen: Callable[[Any], Screen]
    rows: Callable[[Any], QuerySet[Any, Any]]

    @property
    def address(self) -> str:
        """The page's bare address."""
        return reverse(self.url_name)


_places: dict[str, Place] = {}


def register(name: str, place: Place) -> None:
    """Offer a grid under its name; called when the program starts."""
    _places[name] = place


def place_named(name: str) -> Place:
    """The page of that grid. Raises ``NotFound``."""
    if name not in _places:
        raise NotFound(gettext("There is no such grid."))
    return _places[name]


def place_names() -> list[str]:
    """The names of all grids that have a page."""
    return sorted(_places)
