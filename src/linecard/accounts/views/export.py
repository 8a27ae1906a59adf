"""The file of what any grid's page shows."""

from http import HTTPStatus

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from linecard.accounts.actor import acting_in
from linecard.accounts.exporting import send_export
from linecard.kernel.errors import Invalid, NotFound
from linecard.web.grid import ExportQuery
from linecard.web.grid.places import place_named


@require_POST
def export(request: HttpRequest, grid: str) -> HttpResponseBase:
    """The rows that the form's ``query`` (JSON, as in the API) asks for."""
    by = acting_in(request)
    try:
        place = place_named(grid)
    except NotFound as error:
        raise Http404 from error
    rows = place.rows(by.user)
    try:
        query = ExportQuery.model_validate_json(request.POST.get("query", ""))
        return send_export(request, place.screen(by.user), rows, query, by=by)
    except ValidationError as error:
        return _refusal(
            request, gettext("The query cannot be read: {errors}.").format(errors=error.errors()[0]["msg"])
        )
    except Invalid as error:
        return _refusal(request, " ".join(wrong.message for wrong in error.errors))


def _refusal(request: HttpRequest, reason: str) -> HttpResponseBase:
    context = {"reason": reason}
    return render(request, "accounts/export_refused.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
