"""The history of a card."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linecard.accounts.api_auth import calling
from linecard.audit.trail import rows_of
from linecard.customers.api import schemas
from linecard.customers.api.spelling import spell_history_row
from linecard.customers.history import history_rows, visible_history
from linecard.customers.queries import get_customer
from linecard.web.answers import Page, PageParameters, json_answer

router = Router(tags=["History"])


@router.get("/customers/{int:customer_id}/history", response=schemas.History, summary="Read the history")
def read_history(request: HttpRequest, customer_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """Every change of every field, newest first: who, when, through which door, from what, to what.

    What was done to contacts or notes is told to those who may see them.
    """
    caller = calling(request).user
    customer = get_customer(caller, customer_id)
    part = rows_of(visible_history(customer, caller), offset=wanted.offset, limit=wanted.limit)
    rows = history_rows(customer, part.entries)[part.skipped : part.skipped + wanted.limit]
    return json_answer(Page(results=[spell_history_row(row) for row in rows], total=part.total))
