"""What a form would do, told before it is done; and what others did meanwhile. Neither changes anything."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.customers.editing import Values, edited, read_card
from linecard.customers.fields import CARD_FIELDS, card_context
from linecard.customers.forms.card import CardForm
from linecard.customers.history import history_rows
from linecard.customers.models import Customer
from linecard.customers.rules import clean_card_change, clean_new_card
from linecard.customers.showing import Line, field_label, lines
from linecard.customers.views.form import DELAY, TEMPORARY, moment_forms
from linecard.customers.views.pages import card_of, of_visible_card, user_of
from linecard.kernel.errors import Invalid
from linecard.web.versions import version_of

T = TypeVar("T")


@require_POST
def preview_new(request: HttpRequest) -> HttpResponse:
    """What a planned new card would be."""
    user = user_of(request)
    require(user, "customers", "create")
    form = CardForm(user, request.POST)
    stored, problems = _attempt(lambda: clean_new_card(form.card_values(), user))
    return _preview(request, problems, new_name=stored["name"] if stored else "")


@require_POST
@of_visible_card
def preview_edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What a planned or a temporary change would do."""
    user = user_of(request)
    require(user, "customers", "update")
    customer = card_of(request, customer_id)
    reading = read_card(customer, version_of(request))
    form = CardForm(user, request.POST, reading=reading)
    mine = edited(form.card_values(), reading.base, card_context(customer))
    told, problems = _attempt(lambda: _told(customer, mine, reading.present, user))
    return _preview(request, problems, lines=told or [])


@require_safe
@of_visible_card
def news(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What others saved since the form was loaded; nothing (204) while there is none."""
    require(user_of(request), "customers", "update")
    customer = card_of(request, customer_id)
    version = version_of(request)
    if version == customer.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    missed = read_card(customer, version).missed
    context = {"customer": customer, "news": history_rows(customer, missed, user_of(request))}
    return render(request, "customers/form/news.html", context)


def _told(customer: Customer, mine: Values, present: Values, user: User) -> list[Line]:
    context = card_context(customer)
    stored = clean_card_change(customer, mine, user)
    fields = {name: CARD_FIELDS[name] for name in mine}
    new = {name: field.to_json(stored[field.attribute], context) for name, field in fields.items()}
    return lines({name: present[name] for name in mine}, new, context, user)


def _preview(request: HttpRequest, problems: list[str], **context: object) -> HttpResponse:
    kind = TEMPORARY if request.POST.get("preview") == TEMPORARY else DELAY
    moments = moment_forms(request)[kind]
    is_open = moments.is_open
    at, late = (None, []) if is_open else _attempt(moments.moment)
    given = {"kind": kind, "at": at, "is_open": is_open, "problems": [*problems, *late], **context}
    return render(request, "customers/form/preview.html", given)


def _attempt(work: Callable[[], T]) -> tuple[T | None, list[str]]:
    try:
        return work(), []
    except Invalid as refusal:
        return None, [_sentence(error.field, error.message) for error in refusal.errors]


def _sentence(field: str, message: str) -> str:
    return f"{field_label(field)}: {message}" if field in CARD_FIELDS else message
