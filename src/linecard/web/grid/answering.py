"""Answers the browser's queries of a grid whose rows the API does not offer as a grid."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from pydantic import ValidationError

from linecard.kernel.errors import Invalid
from linecard.web.grid.grid import Grid
from linecard.web.grid.query import GridQuery
from linecard.web.problems import problem, problem_of


def answer_query(request: HttpRequest, grid: Grid, rows: QuerySet[Any, Any]) -> HttpResponse:
    """The page of ``rows`` that the request's body asks for, as JSON; a problem where the query cannot be."""
    try:
        return JsonResponse(grid.run(rows, GridQuery.model_validate_json(request.body)))
    except ValidationError as error:
        return problem(422, detail=f"The query cannot be read: {error.errors()[0]['msg']}.")
    except Invalid as error:
        return problem_of(error)
