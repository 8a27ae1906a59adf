"""Changes that wait for their time: those of one card, and all of them in the delay log."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.actions.pending import CANCELLABLE_STATES
from linecard.customers.bulk_work.queries import changes_on
from linecard.customers.delay_log import DelayLog, delay_log_screen
from linecard.customers.models import Customer, PendingChange
from linecard.customers.planned import Row, told_changes, why
from linecard.customers.queries import get_change, pending_changes_of, visible_pending_changes
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of
from linecard.customers.views.selected import change_selected
from linecard.customers.words import ChangeState
from linecard.web.grid import Selection, answer_query, list_page

PER_PAGE = 25
NEXT_SHOWN = 3


@require_safe
@of_visible_card
def of_card(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The pending changes of a card."""
    customer, user = card_of(request, customer_id), user_of(request)
    page = Paginator(changes_on(user, customer), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, **_listed(page, user)}
    return card_page(request, "customers/card/pending.html", customer, "pending", context)


@require_safe
def delay_log(request: HttpRequest) -> HttpResponse:
    """The grid of all pending changes that the user may see, with its first rows."""
    user = user_of(request)
    return list_page(
        request,
        "customers/delay_log.html",
        delay_log_screen(user),
        visible_pending_changes(user),
        one="customers:change",
        query="customers:changes-query",
    )


@require_POST
def query_changes(request: HttpRequest) -> HttpResponse:
    """What the grid asks for."""
    user = user_of(request)
    return answer_query(request, DelayLog(user), visible_pending_changes(user))


@require_safe
@of_visible_card
def one_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One pending change, with what can be done with it."""
    user = user_of(request)
    change = get_change(user, change_id)
    return render(request, "customers/change.html", {**_listed([change], user), "with_customer": True})


@require_POST
def cancel_selected(request: HttpRequest) -> HttpResponse:
    """Take back some of the selected changes that have not happened; see ``change_selected``."""
    by = acting_in(request)
    by.require("customers", "update")
    return change_selected(
        request,
        lambda selection: _selected(by.user, selection).filter(state__in=CANCELLABLE_STATES),
        lambda pk: actions.cancel_change(change_id=pk, by=by),
    )


@require_POST
def run_selected(request: HttpRequest) -> HttpResponse:
    """Apply some of the selected changes that wait; see ``change_selected``.

    One that is held takes a decision of its own, and one that failed its cause mended: both have a page.
    """
    by = acting_in(request)
    by.require("customers", "update")
    return change_selected(
        request,
        lambda selection: _selected(by.user, selection).filter(state=ChangeState.WAITING),
        lambda pk: actions.run_change(change_id=pk, by=by),
    )


@require_POST
@of_visible_card
def cancel(request: HttpRequest, change_id: int) -> HttpResponse:
    """Take a change back that has not happened."""
    actions.cancel_change(change_id=change_id, by=acting_in(request))
    messages.success(request, gettext("The change was cancelled. Nothing happened to the card."))
    return _back(request)


@require_POST
@of_visible_card
def run(request: HttpRequest, change_id: int) -> HttpResponse:
    """Apply a change now; over what others did only when told so."""
    change = actions.run_change(
        change_id=change_id, by=acting_in(request), override=request.POST.get("override") == "yes"
    )
    if change.state == ChangeState.APPLIED:
        messages.success(request, gettext("The change was applied."))
    else:
        messages.error(
            request,
            gettext("The change is {state}: {why}").format(
                state=gettext(change.get_state_display()).lower(), why=why(change)
            ),
        )
    return _back(request)


def next_rows(customer: Customer, user: User) -> list[Row]:
    """The few changes of a card that come next; what is held is among them."""
    changes = pending_changes_of(customer).filter(state__in=(ChangeState.WAITING, ChangeState.HELD))
    return told_changes(list(changes.order_by("run_at", "id")[:NEXT_SHOWN]), user)


def _selected(user: User, selection: Selection) -> QuerySet[PendingChange]:
    selected: QuerySet[PendingChange] = DelayLog(user).selected(visible_pending_changes(user), selection)
    return selected


def _listed(changes: Iterable[PendingChange], user: User) -> dict[str, Any]:
    rows = told_changes(list(changes), user)
    waits = any(row.change.state == ChangeState.WAITING for row in rows)
    return {"rows": rows, "waits": waits}


def _back(request: HttpRequest) -> HttpResponse:
    """To the page on which the button was."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return HttpResponseRedirect(address if is_ours else reverse("customers:delay-log"))
