"""What other rooms count of a user or a reseller: the lists in Setup show it, and the pages lead on to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models.expressions import Combinable

from linecard.accounts.models import User
from linecard.accounts.permissions import may

AddressOf = Callable[[int], str]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that belongs to a user or a reseller.

    ``number`` is worked out over its row. ``list_url`` is the address of what was counted, and ``hand_over_url`` where
    all of it can be given to somebody else, each by the id of the user or reseller; ``area`` is what has to be
    readable to be told the number and led there, and changeable to hand over.
    """

    name: str
    label: str
    area: str
    number: Combinable
    list_url: AddressOf
    hand_over_url: AddressOf | None = None


of_users: list[Figure] = []
of_resellers: list[Figure] = []


def told_to(reader: User, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Those of the figures that somebody may be told."""
    return tuple(figure for figure in figures if may(reader, figure.area, "read"))
