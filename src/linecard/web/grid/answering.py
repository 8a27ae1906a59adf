"""Pages that are grids, and the answers to what their browsers ask where the API does not offer the rows as a grid."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from pydantic import ValidationError

from linecard.kernel.errors import Invalid
from linecard.web.grid.grid import Grid
from linecard.web.grid.page import Screen, address_of_one
from linecard.web.grid.query import GridQuery
from linecard.web.problems import problem, problem_of


def list_page(
    request: HttpRequest,
    template: str,
    screen: Screen,
    rows: QuerySet[Any, Any],
    *,
    one: str,
    query: str,
    **more: Any,
) -> HttpResponse:
    """A list's page; ``one`` and ``query`` are the names of the URLs of a row and of the grid's queries.

    ``more`` is what else the template needs.
    """
    context = screen.context(
        rows,
        request.GET.dict(),
        query_url=reverse(query),
        row_url=address_of_one(one),
        user=request.user,
        export_url=reverse("grid-export", args=[screen.grid.name]),
    )
    return render(request, template, {**context, **more})


def answer_query(request: HttpRequest, grid: Grid, rows: QuerySet[Any, Any]) -> HttpResponse:
    """The page of ``rows`` that the request's body asks for, as JSON; a problem where the query cannot be."""
    try:
        return JsonResponse(grid.run(rows, GridQuery.model_validate_json(request.body)))
    except ValidationError as error:
        return problem(422, detail=f"The query cannot be read: {error.errors()[0]['msg']}.")
    except Invalid as error:
        return problem_of(error)
