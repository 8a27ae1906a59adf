"""What pages make of what cannot be done: nothing there is 404, the rest is told on a page nearby."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from linecard.kernel.errors import Conflict, Invalid, NotFound, Stale

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
# Answers with the page on which a refusal is told; it is given the request and what the view's address names.
Nearby = Callable[[HttpRequest, Mapping[str, Any]], HttpResponseBase]


def refusals_told(nearby: Nearby) -> Callable[[View[P]], View[P]]:
    """Answer 404 for what is not there or not the user's to see; tell what its state does not allow."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except NotFound as error:
                raise Http404 from error
            except (Conflict, Invalid, Stale) as problem:
                messages.error(request, sentences(problem))
                return nearby(request, kwargs)

        return answer

    return decorate


def sentences(problem: Conflict | Invalid | Stale) -> str:
    """A refusal without the names of the fields, where there is no form to show it in."""
    if isinstance(problem, Invalid):
        return " ".join(error.message for error in problem.errors)
    return problem.detail
