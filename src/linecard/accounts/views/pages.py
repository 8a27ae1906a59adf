"""What the pages of Setup have in common: access, errors, figures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ParamSpec

from django.db.models import Model
from django.shortcuts import redirect
from django.utils.translation import gettext

from linecard.accounts.figures import Figure, told_to
from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.web.refusals import View, refusals_told

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of one user or reseller; ``hand_over_url`` is empty where the reader may not hand over."""

    label: str
    number: int
    list_url: str
    hand_over_url: str


def on_page_of(name: str) -> Callable[[View[P]], View[P]]:
    """As ``refusals_told``. ``name`` is the URL of the page nearby; it takes the same first argument as the view."""
    return refusals_told(lambda _, named: redirect(name, *list(named.values())[:1]))


def figures_of(row: Model, figures: Iterable[Figure], reader: User) -> list[ShownFigure]:
    """What is counted of a user or a reseller."""
    known = told_to(reader, figures)
    numbers: dict[str, Any] = (
        type(row)
        ._default_manager.filter(pk=row.pk)
        .values(**{figure.name: figure.number for figure in known})
        .get()
    )
    return [_shown(figure, numbers[figure.name], row.pk, reader) for figure in known]


def _shown(figure: Figure, number: int, pk: int, reader: User) -> ShownFigure:
    hand_over = figure.hand_over_url
    hand_over_url = hand_over(pk) if hand_over and number and may(reader, figure.area, "update") else ""
    return ShownFigure(gettext(figure.label), number, figure.list_url(pk), hand_over_url)
