"""Pending changes: of one card, and of all cards (the Delay log)."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from linecard.accounts.api_auth import calling
from linecard.accounts.models import User
from linecard.customers.actions import (
    cancel_change,
    plan_bulk_edit,
    plan_change,
    plan_new_card,
    run_change,
)
from linecard.customers.api import schemas
from linecard.customers.api.bulk_schemas import PlannedWork
from linecard.customers.api.conditions import expected_version
from linecard.customers.api.lookups import get_part
from linecard.customers.api.spelling import spell_change
from linecard.customers.api.timing import errors_below, given_time, planned_time
from linecard.customers.bulk_work.fields import BULK_FIELDS
from linecard.customers.fields import CARD_FIELDS
from linecard.customers.models import PendingChange
from linecard.customers.queries import get_change, get_customer, pending_changes_of, visible_pending_changes
from linecard.customers.selecting import selected_cards
from linecard.web.answers import PageParameters, json_answer, no_content, page_of
from linecard.web.api_document import described

router = Router(tags=["Pending changes"])

_RUN_AS_PLANNED = schemas.RunChange()


class ChangeList(PageParameters):
    """Which pending changes are wanted."""

    state: Literal["waiting", "applied", "held", "cancelled", "failed"] | None = Field(
        default=None, description="Only those in this state."
    )


@router.get("/pending-changes", response=schemas.PendingChanges, summary="List all pending changes")
def list_all_changes(request: HttpRequest, wanted: Query[ChangeList]) -> HttpResponse:
    """The Delay log: of all the cards that you may see, newest first."""
    changes = visible_pending_changes(calling(request).user).order_by("-id")
    return page_of(changes.filter(state=wanted.state) if wanted.state else changes, wanted, spell_change)


@router.post(
    "/pending-changes",
    response={201: schemas.PendingChange},
    summary="Plan a new card, or a change of many cards",
    openapi_extra=described(location=True),
)
def plan_any_change(request: HttpRequest, payload: PlannedWork) -> HttpResponse:
    """What would be refused now is refused now. At its time it is checked again.

    Of many cards those that match now are meant. One on which somebody changed the same fields until then is held.
    """
    payload.require_parts()
    by, run_at = calling(request), planned_time(payload)
    if payload.action == "create":
        with errors_below("data", CARD_FIELDS):
            return _planned(request, plan_new_card(values=payload.data.given(), run_at=run_at, by=by))
    cards = selected_cards(by.user, payload.selection)
    with errors_below("changes", BULK_FIELDS):
        change = plan_bulk_edit(cards, values=payload.changes.given(), run_at=run_at, by=by)
    return _planned(request, change)


@router.get("/pending-changes/{int:n}", response=schemas.PendingChange, summary="Read any pending change")
def read_any_change(request: HttpRequest, n: int) -> HttpResponse:
    """Also one for a card that is not made yet."""
    return json_answer(spell_change(get_change(calling(request).user, n)))


@router.delete("/pending-changes/{int:n}", response={204: None}, summary="Cancel any pending change")
def cancel_any_change(request: HttpRequest, n: int) -> HttpResponse:
    """Possible while it waits or is held. It stays in the list as cancelled."""
    cancel_change(change_id=n, by=calling(request))
    return no_content()


@router.post(
    "/pending-changes/{int:n}/run", response=schemas.PendingChange, summary="Run any pending change now"
)
def run_any_change(
    request: HttpRequest, n: int, payload: schemas.RunChange = _RUN_AS_PLANNED
) -> HttpResponse:
    """Look at the `state` of the answer: it may be held or failed, and `problems` says why."""
    return json_answer(spell_change(run_change(change_id=n, by=calling(request), override=payload.override)))


@router.get(
    "/customers/{int:customer_id}/pending-changes",
    response=schemas.PendingChanges,
    summary="List a card's pending changes",
)
def list_changes(request: HttpRequest, customer_id: int, wanted: Query[ChangeList]) -> HttpResponse:
    """Newest first, finished ones included."""
    changes = pending_changes_of(get_customer(calling(request).user, customer_id))
    return page_of(changes.filter(state=wanted.state) if wanted.state else changes, wanted, spell_change)


@router.post(
    "/customers/{int:customer_id}/pending-changes",
    response={201: schemas.PendingChange},
    summary="Plan a change of a card",
    openapi_extra=described(location=True, if_match=True),
)
def plan_customer_change(
    request: HttpRequest, customer_id: int, payload: schemas.PlannedChange
) -> HttpResponse:
    """With `revert_at` the change is temporary: the values that it replaced come back then."""
    by = calling(request)
    run_at = planned_time(payload)
    revert_at = None if payload.revert_at is None else given_time("revert_at", payload.revert_at)
    with errors_below("changes", CARD_FIELDS):
        change = plan_change(
            customer_id=customer_id,
            values=payload.changes.given(),
            run_at=run_at,
            revert_at=revert_at,
            by=by,
            expected_version=expected_version(request, by.user, customer_id),
        )
    return _planned(request, change)


@router.get(
    "/customers/{int:customer_id}/pending-changes/{int:n}",
    response=schemas.PendingChange,
    summary="Read a pending change",
)
def read_change(request: HttpRequest, customer_id: int, n: int) -> HttpResponse:
    """What it would do, or what became of it."""
    return json_answer(spell_change(_change_of_card(calling(request).user, customer_id, n)))


@router.delete(
    "/customers/{int:customer_id}/pending-changes/{int:n}",
    response={204: None},
    summary="Cancel a pending change",
)
def cancel_customer_change(request: HttpRequest, customer_id: int, n: int) -> HttpResponse:
    """Possible while it waits or is held. It stays in the list as cancelled."""
    by = calling(request)
    cancel_change(change_id=_change_of_card(by.user, customer_id, n).pk, by=by)
    return no_content()


@router.post(
    "/customers/{int:customer_id}/pending-changes/{int:n}/run",
    response=schemas.PendingChange,
    summary="Run a pending change now",
)
def run_customer_change(
    request: HttpRequest, customer_id: int, n: int, payload: schemas.RunChange = _RUN_AS_PLANNED
) -> HttpResponse:
    """Look at the `state` of the answer: it may be held or failed, and `problems` says why."""
    by = calling(request)
    change_id = _change_of_card(by.user, customer_id, n).pk
    return json_answer(spell_change(run_change(change_id=change_id, by=by, override=payload.override)))


def _planned(request: HttpRequest, change: PendingChange) -> HttpResponse:
    return json_answer(spell_change(change), 201, {"Location": f"{request.path}/{change.pk}"})


def _change_of_card(user: User, customer_id: int, change_id: int) -> PendingChange:
    return get_part(pending_changes_of(get_customer(user, customer_id)), change_id, "pending change")
