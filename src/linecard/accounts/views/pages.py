"""What the pages of Setup have in common: lists, access, errors."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linecard.accounts.figures import Figure
from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.kernel.errors import Conflict, NotFound
from linecard.web.grid import Screen

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of one user or reseller; the addresses are empty where the reader may not go."""

    label: str
    number: int
    list_url: str
    hand_over_url: str


def on_page_of(name: str) -> Callable[[View[P]], View[P]]:
    """Answer 404 for what is not there or not the user's to see; tell what its state does not allow.

    ``name`` is the URL of the page on which that is told; it takes the same first argument as the view.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except NotFound as error:
                raise Http404 from error
            except Conflict as problem:
                messages.error(request, problem.detail)
                return redirect(name, *list(kwargs.values())[:1])

        return answer

    return decorate


def list_page(
    request: HttpRequest, template: str, screen: Screen, rows: QuerySet[Any, Any], *, one: str, query: str
) -> HttpResponse:
    """A list of Setup; ``one`` and ``query`` are the names of the URLs of a row and of the grid's queries."""
    row_url = reverse(one, args=[0]).replace("/0/", "/{id}/")
    context = screen.context(
        rows,
        request.GET.dict(),
        query_url=reverse(query),
        row_url=row_url,
        user=request.user,
        export_url=reverse("grid-export", args=[screen.grid.name]),
    )
    return render(request, template, context)


def figures_of(row: Model, figures: Iterable[Figure], reader: User) -> list[ShownFigure]:
    """What is counted of a user or a reseller."""
    known = list(figures)
    numbers: dict[str, Any] = (
        type(row)
        ._default_manager.filter(pk=row.pk)
        .values(**{figure.name: figure.number for figure in known})
        .get()
    )
    return [_shown(figure, numbers[figure.name], row.pk, reader) for figure in known]


def _shown(figure: Figure, number: int, pk: int, reader: User) -> ShownFigure:
    list_url = figure.list_url(pk) if may(reader, figure.area, "read") else ""
    hand_over = figure.hand_over_url
    hand_over_url = hand_over(pk) if hand_over and number and may(reader, figure.area, "update") else ""
    return ShownFigure(figure.label, number, list_url, hand_over_url)
