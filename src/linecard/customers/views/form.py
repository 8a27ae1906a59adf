"""The card's form: new and edit, with its ways to save."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import require
from linecard.customers import actions
from linecard.customers.editing import Reading, Values, clashes, edited, read_card
from linecard.customers.fields import CARD_TABS, card_context
from linecard.customers.forms.card import CONTACT_CONTROLS, TABS, CardForm, merged, tab_of
from linecard.customers.forms.moments import MomentForm
from linecard.customers.history import history_rows
from linecard.customers.models import Customer, PendingChange
from linecard.customers.queries import known_tags
from linecard.customers.showing import lines
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of
from linecard.customers.words import ChangeState
from linecard.fields import currency_name
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid, Stale
from linecard.web.tabs import tabs_of
from linecard.web.versions import version_of

CONTINUE, STAY, DELAY, TEMPORARY = "continue", "stay", "delay", "temporary"


@require_http_methods(["GET", "POST"])
def new_customer(request: HttpRequest) -> HttpResponse:
    """Make a card, now or later."""
    require(user_of(request), "customers", "create")
    form = CardForm(user_of(request), request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            return _create(request, form)
        except Invalid as refusal:
            form.refuse(refusal)
    return _new_page(request, form)


@require_http_methods(["GET", "POST"])
@of_visible_card
def edit_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Change a card: now, later, or for a while."""
    customer = card_of(request, customer_id)
    require(user_of(request), "customers", "update")
    if request.method == "POST":
        return _save(request, customer)
    if customer.is_archived:
        messages.info(request, gettext("This customer is archived. Restore it before changing it."))
        return redirect("customers:card", customer_id)
    reading = read_card(customer, customer.version)
    return _edit_page(request, CardForm(user_of(request), reading=reading), customer)


def moment_forms(request: HttpRequest) -> dict[str, MomentForm]:
    """The two moments that the form may ask for: when to change, and when to change back."""
    data = request.POST if request.method == "POST" else None
    return {
        DELAY: MomentForm(data, prefix=DELAY, legend=gettext_noop("Change it after")),
        TEMPORARY: MomentForm(data, prefix=TEMPORARY, legend=gettext_noop("Change it back after")),
    }


def _create(request: HttpRequest, form: CardForm) -> HttpResponse:
    intent, by, values = request.POST.get("save"), acting_in(request), form.card_values()
    if intent == DELAY:
        _require_no_parts(form)
        run_at = moment_forms(request)[DELAY].moment()
        change = actions.plan_new_card(values=values, run_at=run_at, by=by)
        messages.success(
            request,
            gettext("{name} will be made at {time}.").format(name=change.values["name"], time=_local(run_at)),
        )
        return redirect("customers:delay-log")
    customer = actions.create_customer_with_parts(
        values=values, note=form.note(), contact=form.contact(), by=by
    )
    url = reverse("customers:card", args=[customer.pk])
    messages.success(request, format_html(gettext('<a href="{}">{}</a> was made.'), url, customer.name))
    return redirect("customers:new" if intent == STAY else url)


def _require_no_parts(form: CardForm) -> None:
    """A planned card is made of its fields alone: nothing that was typed may be left behind in silence."""
    errors = {}
    if form.contact() is not None:
        errors["contact_name"] = gettext(
            "A contact can be added when the card is made. Save now, or empty this."
        )
    if form.note() is not None:
        errors["note_text"] = gettext("A note can be written when the card is made. Save now, or empty this.")
    if errors:
        raise Invalid(errors)


def _save(request: HttpRequest, customer: Customer) -> HttpResponse:
    reading = read_card(customer, version_of(request))
    form = CardForm(user_of(request), request.POST, reading=reading)
    mine = edited(form.card_values(), reading.base, card_context(customer))
    if reading.is_stale:
        return _stale_page(request, form, reading, mine)
    try:
        return _carry_out(request, customer, form, mine)
    except Stale:  # somebody saved between our reading and our writing
        return _save(request, card_of(request, customer.pk))
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
    return _edit_page(request, form, customer)


def _carry_out(request: HttpRequest, customer: Customer, form: CardForm, mine: Values) -> HttpResponse:
    intent = request.POST.get("save")
    if intent == DELAY:
        return _plan(request, customer, form, mine, run_at=moment_forms(request)[DELAY].moment())
    if intent == TEMPORARY:
        revert_at = moment_forms(request)[TEMPORARY].moment()
        return _plan(request, customer, form, mine, run_at=now(), revert_at=revert_at)
    saved = actions.update_customer_with_note(
        customer_id=customer.pk,
        values=mine,
        note=form.note(),
        expected_version=customer.version,
        by=acting_in(request),
    )
    changed_something = saved.version != customer.version or form.note() is not None
    messages.success(
        request,
        gettext("{name} was saved.").format(name=saved.name)
        if changed_something
        else gettext("There was nothing to save."),
    )
    return redirect("customers:edit" if intent == STAY else "customers:card", customer.pk)


def _plan(
    request: HttpRequest, customer: Customer, form: CardForm, mine: Values, **when: datetime
) -> HttpResponse:
    if not mine:
        raise Invalid({"changes": gettext("Nothing was edited that could be changed later or taken back.")})
    change = actions.plan_change_with_note(
        customer_id=customer.pk,
        values=mine,
        note=form.note(),
        expected_version=customer.version,
        by=acting_in(request),
        **when,
    )
    _tell_plan(request, customer, change)
    return redirect("customers:pending", customer.pk)


def _tell_plan(request: HttpRequest, customer: Customer, change: PendingChange) -> None:
    told = lines(change.expected, change.values, card_context(customer), user_of(request))
    what = "; ".join(str(line) for line in told)
    if change.state == ChangeState.WAITING:
        messages.success(
            request, gettext("Planned for {time}: {what}.").format(time=_local(change.run_at), what=what)
        )
    elif change.state == ChangeState.APPLIED and change.revert_at:
        messages.success(
            request, gettext("Until {time}: {what}.").format(time=_local(change.revert_at), what=what)
        )
    elif change.state == ChangeState.APPLIED:
        messages.success(request, gettext("Done: {what}.").format(what=what))
    else:
        messages.error(
            request,
            gettext("Not done: {problems}").format(
                problems=" ".join(problem["message"] for problem in change.problems)
            ),
        )


def _new_page(request: HttpRequest, form: CardForm) -> HttpResponse:
    return render(request, "customers/form/new.html", _form_context(request, form), status=_status(form))


def _edit_page(request: HttpRequest, form: CardForm, customer: Customer, **context: Any) -> HttpResponse:
    given = {**_form_context(request, form), **context}
    return card_page(
        request,
        "customers/form/edit.html",
        customer,
        "edit",
        given,
        status=context.get("status", _status(form)),
    )


def _stale_page(request: HttpRequest, sent: CardForm, reading: Reading, mine: Values) -> HttpResponse:
    """The form again over the card as it is now: what was typed, what others did, and where the two clash."""
    user, context = user_of(request), card_context(reading.customer)
    form = merged(user, reading, sent, mine)
    found = {
        clash.field: {
            "label": form.control(clash.field).label,
            "tab": tab_of(clash.field),
            "who": clash.who,
            "at": clash.at,
            "theirs": form.shown(clash.field, clash.theirs, context),
            "mine": form.shown(clash.field, mine[clash.field], context),
            "take_json": json.dumps({clash.field: form.control(clash.field).sent(clash.theirs)}),
        }
        for clash in clashes(reading, mine)
    }
    news = history_rows(reading.customer, reading.missed, user)
    return _edit_page(
        request,
        form,
        reading.customer,
        news=news,
        clashes=found,
        is_unsaved=True,
        status=HTTPStatus.PRECONDITION_FAILED,
    )


def _form_context(request: HttpRequest, form: CardForm) -> dict[str, Any]:
    currency = form.reading.customer.currency if form.reading else str(form["currency"].value() or "")
    return {
        "currency": currency,
        "currency_name": currency_name(currency),
        "middle_tabs": [(slug, list(CARD_TABS[slug])) for slug in ("config", "address", "verification")],
        "contact_names": list(CONTACT_CONTROLS),
        "form": form,
        "tabs": tabs_of(form, TABS),
        "known_tags": known_tags(user_of(request)),
        "moments": moment_forms(request),
        "opened": request.POST.get("save") if form.non_field_errors() else "",
        "is_unsaved": bool(form.errors),
        "clashes": {},
    }


def _status(form: CardForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _local(moment: datetime) -> str:
    """The moment on the user's clock."""
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"
