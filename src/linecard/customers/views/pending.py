"""Changes that wait for their time: those of one card, and all of them in the delay log."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.actions.pending import CANCELLABLE_STATES, RUNNABLE_STATES
from linecard.customers.bulk_work.queries import changes_on
from linecard.customers.bulk_work.telling import change_lines
from linecard.customers.fields import CARD_FIELDS
from linecard.customers.models import Customer, PendingChange
from linecard.customers.queries import pending_changes_of, search_cards, visible_pending_changes, visible_to
from linecard.customers.showing import Line, Shower, field_label, field_position
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of
from linecard.customers.words import ChangeState
from linecard.fields import Context

PER_PAGE = 25
NEXT_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A pending change for people."""

    change: PendingChange
    name: str
    lines: list[Line]
    problems: list[str]

    @property
    def may_cancel(self) -> bool:
        """Whether it can still be taken back."""
        return self.change.state in CANCELLABLE_STATES

    @property
    def may_run(self) -> bool:
        """Whether it can be applied now."""
        return self.change.state in RUNNABLE_STATES

    @property
    def is_held(self) -> bool:
        """Whether a person has to decide."""
        return self.change.state == ChangeState.HELD


@require_safe
@of_visible_card
def of_card(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The pending changes of a card."""
    customer, user = card_of(request, customer_id), user_of(request)
    page = Paginator(changes_on(user, customer), PER_PAGE).get_page(request.GET.get("page"))
    return card_page(request, "customers/card/pending.html", customer, "pending", _listed(page, user))


@require_safe
def delay_log(request: HttpRequest) -> HttpResponse:
    """All pending changes that the user may see."""
    user = user_of(request)
    state, text = request.GET.get("state", ""), request.GET.get("q", "")
    changes = visible_pending_changes(user).order_by("-id")
    if state in ChangeState.values:
        changes = changes.filter(state=state)
    page = Paginator(_of_customer(changes, user, text), PER_PAGE).get_page(request.GET.get("page"))
    context = {"state": state, "q": text, "states": ChangeState.choices, "with_customer": True}
    return render(request, "customers/delay_log.html", {**_listed(page, user), **context})


@require_POST
@of_visible_card
def cancel(request: HttpRequest, change_id: int) -> HttpResponse:
    """Take a change back that has not happened."""
    actions.cancel_change(change_id=change_id, by=acting_in(request))
    messages.success(request, "The change was cancelled. Nothing happened to the card.")
    return _back(request)


@require_POST
@of_visible_card
def run(request: HttpRequest, change_id: int) -> HttpResponse:
    """Apply a change now; over what others did only when told so."""
    change = actions.run_change(
        change_id=change_id, by=acting_in(request), override=request.POST.get("override") == "yes"
    )
    if change.state == ChangeState.APPLIED:
        messages.success(request, "The change was applied.")
    else:
        messages.error(request, f"The change is {change.get_state_display().lower()}: {_why(change)}")
    return _back(request)


def next_rows(customer: Customer, user: User) -> list[Row]:
    """The few changes of a card that come next; what is held is among them."""
    changes = pending_changes_of(customer).filter(state__in=(ChangeState.WAITING, ChangeState.HELD))
    return _rows(list(changes.order_by("run_at", "id")[:NEXT_SHOWN]), user)


def _listed(page: Page[PendingChange], user: User) -> dict[str, Any]:
    rows = _rows(list(page), user)
    waits = any(row.change.state == ChangeState.WAITING for row in rows)
    return {"page": page, "rows": rows, "waits": waits}


def _rows(changes: list[PendingChange], user: User) -> list[Row]:
    values = [item for change in changes for item in (*change.values.items(), *change.expected.items())]
    shower = Shower(values, user)
    return [_row(change, shower, user) for change in changes]


def _row(change: PendingChange, shower: Shower, user: User) -> Row:
    problems = [_problem(problem) for problem in change.problems]
    if change.work is not None:
        return Row(change, str(change.work), change_lines(change.values, user), problems)
    is_new = change.action == PendingChange.Action.CREATE
    customer = change.customer
    currency = customer.currency if customer else change.values.get("currency", "")
    context = Context(currency=currency)
    told = [
        shower.line(name, change.expected.get(name), value, context)
        for name, value in sorted(change.values.items(), key=lambda item: field_position(item[0]))
        if not is_new or (name != "name" and value != CARD_FIELDS[name].default)
    ]
    return Row(change, customer.name if customer else change.values["name"], told, problems)


def _problem(problem: dict[str, str]) -> str:
    field = problem["field"]
    return f"{field_label(field)}: {problem['message']}" if field in CARD_FIELDS else problem["message"]


def _why(change: PendingChange) -> str:
    return " ".join(_problem(problem) for problem in change.problems)


def _of_customer(changes: QuerySet[PendingChange], user: User, text: str) -> QuerySet[PendingChange]:
    """The changes of the cards that the search finds, and of new cards of that name."""
    if not text.strip():
        return changes
    cards = search_cards(visible_to(user), text)
    return changes.filter(Q(customer__in=cards) | Q(customer=None, values__name__icontains=text.strip()))


def _back(request: HttpRequest) -> HttpResponse:
    """To the list in which the button was."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return redirect(address if is_ours else "customers:delay-log")
