"""What the pages of a card have in common: access, errors, the frame with its navigation."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from linecard.accounts.actor import acting_in
from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.customers import card_parts
from linecard.customers.models import Customer
from linecard.customers.queries import card_counts, get_customer
from linecard.web.refusals import refusals_told


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the card's navigation; ``count`` is shown behind it."""

    label: str
    url: str
    icon: str
    is_current: bool
    count: int = 0


def user_of(request: HttpRequest) -> User:
    """Who is signed in."""
    return acting_in(request).user


def card_of(request: HttpRequest, customer_id: int) -> Customer:
    """The card that a page is about. Raises ``NotFound``."""
    return get_customer(user_of(request), customer_id)


def is_partial(request: HttpRequest) -> bool:
    """Whether only a part of a page was asked for."""
    return "HX-Request" in request.headers


def back(request: HttpRequest, customer_id: object = None) -> HttpResponse:
    """To the card, or to the list of pending changes; a part of a page takes its whole page along."""
    url = reverse("customers:card", args=[customer_id]) if customer_id else reverse("customers:delay-log")
    if is_partial(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
    return redirect(url)


of_visible_card = refusals_told(lambda request, named: back(request, named.get("customer_id")))


def card_page(
    request: HttpRequest,
    template: str,
    customer: Customer,
    current: str,
    context: dict[str, Any],
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A page of the card in its frame; ``current`` is the URL name of its entry in the navigation."""
    counts = card_counts(customer)
    may_edit = not customer.is_archived and may(user_of(request), "customers", "update")
    parts = _parts(customer, current, counts, user_of(request), may_edit=may_edit)
    frame = {"customer": customer, "parts": parts, "counts": counts}
    return render(request, template, {**frame, **context}, status=status)


def _parts(
    customer: Customer, current: str, counts: dict[str, int], user: User, *, may_edit: bool
) -> list[Part]:
    def part(label: str, name: str, icon: str, count: int = 0) -> Part:
        url = reverse(f"customers:{name}", args=[customer.pk])
        return Part(label, url, icon, name == current, count)

    parts = [
        part(gettext("Main"), "card", "home"),
        part(gettext("Edit"), "edit", "pencil"),
        part("CLI", "clis", "phone-check", counts["clis"]),
        part(gettext("Pending changes"), "pending", "clock", counts["open_changes"]),
        part(gettext("History"), "history", "history"),
    ]
    parts[-1:-1] = [
        Part(
            gettext(added.label),
            reverse(added.url_name, args=[customer.pk]),
            added.icon,
            added.url_name == current,
        )
        for added in card_parts.added_parts(user)
    ]
    return [entry for entry in parts if may_edit or entry.label != "Edit"]
