"""Contacts and notes are edited in their panels on the card's first page, with JavaScript or without."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linecard.customers.queries import card_counts
from linecard.customers.views.card import main_page, panels
from linecard.customers.views.pages import back, card_of, is_partial
from linecard.kernel.errors import Conflict, Invalid
from linecard.web.forms.records import RecordForm
from linecard.web.refusals import sentences

TEMPLATES = {"contact": "customers/card/contacts.html", "note": "customers/card/notes.html"}


def show(
    request: HttpRequest, customer_id: int, kind: str, form: RecordForm | None = None, part_id: int = 0
) -> HttpResponse:
    """The panel of contacts or notes, alone or in its page, with a form open in it."""
    customer = card_of(request, customer_id)
    if not is_partial(request):
        return main_page(request, customer, form=form, form_of=kind, part_id=part_id)
    context = panels(customer, form=form, form_of=kind, part_id=part_id, all_notes="notes" in request.GET)
    context |= {"customer": customer, "counts": card_counts(customer), "is_partial": True}
    return render(request, TEMPLATES[kind], context)


def carry_out(
    request: HttpRequest,
    customer_id: int,
    kind: str,
    work: Callable[[], Any],
    done: str,
    *,
    form: RecordForm | None = None,
    part_id: int = 0,
) -> HttpResponse:
    """Do what was asked and show the panel as it is then; ``form`` is shown again with what was refused."""
    try:
        work()
    except (Invalid, Conflict) as refusal:
        if form is None:
            messages.error(request, sentences(refusal))
            return back(request, customer_id)
        form.refuse(refusal)
        return show(request, customer_id, kind, form, part_id)
    if is_partial(request):
        answer = show(request, customer_id, kind)
        # "saved" ends the draft of the form that was sent
        answer["HX-Trigger"] = json.dumps({"saved": "", "toast": {"text": done, "level": "success"}})
        return answer
    messages.success(request, done)
    return redirect(f"{reverse('customers:card', args=[customer_id])}#{kind}s")
