"""What a page answers when an action says that somebody may not do this: the reason, in the form that was asked for."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from linecard.kernel.errors import Forbidden
from linecard.web.problems import problem_of


class TellRefusals(MiddlewareMixin):
    """Pages need not catch ``Forbidden``. The API tells it itself."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page, a sentence for a part of a page, or a problem for a script; None for any other error."""
        if not isinstance(error, Forbidden):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return problem_of(error)
        if "HX-Request" in request.headers:
            return HttpResponse(
                error.detail, status=HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8"
            )
        return render(request, "403.html", {"reason": error.detail}, status=HTTPStatus.FORBIDDEN)
