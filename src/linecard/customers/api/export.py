"""Files of cards."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router

from linecard.accounts.api_auth import ANY_READER, calling
from linecard.accounts.exporting import CONTENT_TYPES, send_export
from linecard.customers.queries import visible_to
from linecard.customers.tables import CUSTOMERS_SCREEN
from linecard.web.grid import ExportQuery

router = Router(tags=["Customers"])

_FILE: dict[Any, Any] = {
    200: {
        "description": "The file, sent while it is made.",
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in CONTENT_TYPES.values()
        },
    }
}


@router.post(
    "/customers/export",
    response={200: None},
    auth=ANY_READER,
    summary="Take cards along as a file",
    openapi_extra={"responses": _FILE},
)
def export_customers(request: HttpRequest, payload: ExportQuery) -> HttpResponseBase:
    """What a query shows, or a selection, as CSV or XLSX. The audit log tells who took what."""
    by = calling(request)
    return send_export(request, CUSTOMERS_SCREEN, visible_to(by.user), payload, by=by)
