"""The list of uploads."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.importing.queries import visible_uploads
from linecard.importing.tables import uploads_grid, uploads_screen
from linecard.importing.target import all_targets
from linecard.web.grid import answer_query, list_page


@require_safe
def uploads(request: HttpRequest) -> HttpResponse:
    """The grid of the uploads that the user may see, with its first rows."""
    return list_page(
        request,
        "importing/list.html",
        uploads_screen(),
        visible_uploads(acting_in(request).user),
        one="importing:upload",
        query="importing:query",
        targets=all_targets(),
    )


@require_POST
def query_uploads(request: HttpRequest) -> HttpResponse:
    """What the grid asks for."""
    return answer_query(request, uploads_grid(), visible_uploads(acting_in(request).user))
