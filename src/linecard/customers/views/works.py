"""Setup › Information › Bulk works: what was done to many cards at once, and what became of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import may
from linecard.customers.bulk_work.forgetting import FORGOTTEN
from linecard.customers.bulk_work.queries import get_work, visible_results, visible_works
from linecard.customers.bulk_work.starting import may_undo, undo_work, verb_of
from linecard.customers.bulk_work.telling import change_lines, counts
from linecard.customers.bulk_work.work import begin_here
from linecard.customers.models import BulkWork
from linecard.customers.views.pages import user_of
from linecard.customers.words import BULK_WORKING, BulkState
from linecard.customers.work_tables import RESULTS, RESULTS_SCREEN, WORKS, WORKS_SCREEN
from linecard.web.grid import answer_query
from linecard.web.refusals import refusals_told

_TONES = {BulkState.DONE: "good", BulkState.FAILED: "bad", BulkState.UNDOING: "warn"}


_of_visible_work = refusals_told(lambda _, named: redirect("customers:bulk-work", named["work_id"]))


@require_safe
def all_works(request: HttpRequest) -> HttpResponse:
    """The grid of works, with its first rows."""
    user = user_of(request)
    context = WORKS_SCREEN.context(
        visible_works(user),
        request.GET.dict(),
        query_url=reverse("customers:bulk-works-query"),
        row_url=reverse("customers:bulk-work", args=[0]).replace("/0/", "/{id}/"),
        user=user,
        export_url=reverse("grid-export", args=[WORKS.name]),
    )
    return render(request, "customers/bulk/works.html", context)


@require_POST
def query_works(request: HttpRequest) -> HttpResponse:
    """What the grid of works asks for."""
    return answer_query(request, WORKS, visible_works(user_of(request)))


@require_safe
@_of_visible_work
def one_work(request: HttpRequest, work_id: int) -> HttpResponse:
    """What was asked for, how far it is, and the grid of its cards."""
    user = user_of(request)
    work = get_work(user, work_id)
    context = RESULTS_SCREEN.context(
        visible_results(user, work),
        request.GET.dict(),
        query_url=reverse("customers:bulk-results-query", args=[work.pk]),
        row_url=reverse("customers:card", args=[0]).replace("/0/", "/{id}/"),
    )
    context |= {
        "work": work,
        "tone": _TONES.get(BulkState(work.state), "info"),
        "lines": change_lines(work.changes, user),
        "counts": counts(work),
        "forgotten": FORGOTTEN if work.forgotten_at else "",
        "is_working": work.state in BULK_WORKING,
        "may_undo": may_undo(work) and may(user, "customers", verb_of(work)),
    }
    return render(request, "customers/bulk/work.html", context)


@require_POST
@_of_visible_work
def query_results(request: HttpRequest, work_id: int) -> HttpResponse:
    """What the grid of a work's cards asks for."""
    user = user_of(request)
    return answer_query(request, RESULTS, visible_results(user, get_work(user, work_id)))


@require_POST
@_of_visible_work
def undo(request: HttpRequest, work_id: int) -> HttpResponse:
    """Begin to take a work back."""
    work: BulkWork = begin_here(undo_work(work_id=work_id, by=acting_in(request)))
    if work.state == BulkState.UNDONE:
        messages.success(request, counts(work))
    return redirect("customers:bulk-work", work_id)
