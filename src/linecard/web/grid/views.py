"""Named views of grids. Another room keeps them; here is what the pages ask it for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# The parts of a page's address that make a view.
VIEW_PARAMETERS = (
    *("search", "status", "sort", "filter", "columns"),
    *("groups", "values", "pivot", "pins", "widths"),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page is to show, and which views it offers.

    ``address`` is what the page's address means once a view has been put in its place; ``told`` is for the browser.
    """

    address: Mapping[str, str]
    name: str = ""
    told: Mapping[str, Any] | None = None


# Given the user, the grid's name and the page's address.
Source = Callable[[Any, str, Mapping[str, str]], Offered]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Say who keeps the views; called when the program starts."""
    _sources[:] = [source]


def offered(user: Any, grid: str, address: Mapping[str, str]) -> Offered:
    """The views that a user is offered on a grid's page; none where nobody is signed in or nobody keeps any."""
    if user is None or not _sources:
        return Offered(address)
    return _sources[0](user, grid, address)
