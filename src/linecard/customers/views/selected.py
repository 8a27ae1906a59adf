"""Verbs over the rows that somebody has ticked in a grid: some of them in each request, until none remains."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from pydantic import ValidationError

from linecard.kernel.errors import Invalid, LinecardError
from linecard.web.grid import Selection
from linecard.web.problems import problem, problem_of

# One request changes at most so many rows, each in a transaction of its own: well under a second.
MAX_PER_REQUEST = 100


def change_selected(
    request: HttpRequest, wanted: Callable[[Selection], QuerySet[Any]], change: Callable[[int], object]
) -> HttpResponse:
    """Take a selection as JSON and answer ``{changed: [ids], remaining}``: the browser asks until none remains.

    ``wanted`` are the rows of a selection that are yet to be changed; ``change`` takes an id and makes it one of them
    no more.
    """
    try:
        rows = wanted(Selection.model_validate_json(request.body))
        ids = list(rows.order_by("id").values_list("id", flat=True)[:MAX_PER_REQUEST])
        for row_id in ids:
            change(row_id)
        return JsonResponse({"changed": ids, "remaining": rows.count()})
    except ValidationError as error:
        return problem(422, detail=f"The selection cannot be read: {error.errors()[0]['msg']}.")
    except (LinecardError, Invalid) as error:
        return problem_of(error)
