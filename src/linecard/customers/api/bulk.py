"""Many cards at once: edit, delete, restore; what became of each; take it back."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from linecard.accounts.api_auth import calling
from linecard.customers.api import bulk_schemas as schemas
from linecard.customers.api.timing import errors_below
from linecard.customers.bulk_work.fields import BULK_FIELDS
from linecard.customers.bulk_work.preview import preview_delete, preview_edit, preview_restore
from linecard.customers.bulk_work.queries import get_work, visible_results, visible_works
from linecard.customers.bulk_work.spelling import spell_job, spell_results, spell_work
from linecard.customers.bulk_work.starting import begin_delete, begin_edit, begin_restore, undo_work
from linecard.customers.bulk_work.work import begin_here
from linecard.customers.models import BulkWork
from linecard.customers.selecting import selected_cards
from linecard.web.answers import Page, PageParameters, json_answer, page_of

router = Router(tags=["Customers"])

_STARTED = {200: schemas.BulkPreview, 202: schemas.BulkJob}


@router.post("/customers/bulk-edit", response=_STARTED, summary="Change many cards")
def edit_cards(request: HttpRequest, payload: schemas.BulkEdit) -> HttpResponse:
    """By the rules of a single change, card by card: those that cannot take it are refused, each with its reason.

    The cards are those that match now. Up to 200 are done when the answer comes; ask the job for more. With
    `preview` nothing is changed, and the answer is 200 with what would happen.
    """
    by = calling(request)
    cards = selected_cards(by.user, payload.selection)
    with errors_below("changes", BULK_FIELDS):
        changes = payload.changes.given()
        if payload.preview:
            return json_answer(preview_edit(cards, changes=changes, by=by).answer())
        return _started(begin_edit(cards, changes=changes, by=by))


@router.post("/customers/bulk-delete", response=_STARTED, summary="Archive many cards")
def delete_cards(request: HttpRequest, payload: schemas.BulkDelete) -> HttpResponse:
    """Cards with live calls or money owed are refused unless `archive` is true. Preview as for `bulk-edit`."""
    by = calling(request)
    cards = selected_cards(by.user, payload.selection)
    if payload.preview:
        return json_answer(preview_delete(cards, archive=payload.archive, by=by).answer())
    return _started(begin_delete(cards, archive=payload.archive, by=by))


@router.post("/customers/bulk-restore", response=_STARTED, summary="Restore many archived cards")
def restore_cards(request: HttpRequest, payload: schemas.BulkRestore) -> HttpResponse:
    """Live cards stay as they are. To select archived ones by a filter, filter by `archived`."""
    by = calling(request)
    cards = selected_cards(by.user, payload.selection)
    if payload.preview:
        return json_answer(preview_restore(cards, by=by).answer())
    return _started(begin_restore(cards, by=by))


@router.get("/bulk-works", response=schemas.BulkWorks, summary="List works on many cards")
def list_works(request: HttpRequest, wanted: Query[PageParameters]) -> HttpResponse:
    """Those that you may know of, newest first."""
    return page_of(visible_works(calling(request).user), wanted, spell_work)


@router.get("/bulk-works/{int:work_id}", response=schemas.BulkWork, summary="Read a work on many cards")
def read_work(request: HttpRequest, work_id: int) -> HttpResponse:
    """How far it has come, and what became of its cards."""
    return json_answer(spell_work(get_work(calling(request).user, work_id)))


class WantedResults(PageParameters):
    """Which results are wanted."""

    outcome: Literal["changed", "unchanged", "refused", "held", "undone", "left"] | None = Field(
        default=None, description="Only cards of which this became."
    )


@router.get(
    "/bulk-works/{int:work_id}/results", response=schemas.BulkResults, summary="Read what became of each card"
)
def read_results(request: HttpRequest, work_id: int, wanted: Query[WantedResults]) -> HttpResponse:
    """In the order of the ids; only cards that you may see. Those that are not done yet are missing."""
    user = calling(request).user
    results = visible_results(user, get_work(user, work_id))
    if wanted.outcome:
        results = results.filter(outcome=wanted.outcome)
    part = results[wanted.offset : wanted.offset + wanted.limit]
    return json_answer(Page(results=spell_results(part), total=results.count()))


@router.post(
    "/bulk-works/{int:work_id}/undo",
    response={202: schemas.BulkJob},
    summary="Take a work on many cards back",
)
def undo_cards(request: HttpRequest, work_id: int) -> HttpResponse:
    """Also while it is at work. What somebody changed since is left alone, and listed among the results."""
    return _started(undo_work(work_id=work_id, by=calling(request)))


def _started(work: BulkWork) -> HttpResponse:
    return json_answer(spell_job(begin_here(work)), 202)
