"""Setup › Config › Templates."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.permissions import may, require
from linecard.accounts.scope import require_staff
from linecard.customers.models import Customer
from linecard.customers.queries import search_cards, visible_to
from linecard.delivery.segments import segments_of
from linecard.kernel.errors import Conflict, Invalid, Stale
from linecard.messaging import actions
from linecard.messaging.carriers import company_of
from linecard.messaging.models import MessageTemplate
from linecard.messaging.queries import get_template, visible_templates
from linecard.messaging.stock import is_customised
from linecard.messaging.template_fields import TEMPLATE_FIELDS
from linecard.messaging.words import Channel
from linecard.messaging.writing.fields import MERGE_FIELDS, Recipient, values_of
from linecard.messaging.writing.language import Unwritable
from linecard.messaging.writing.message import Texts, Writer
from linecard.setup.queries import current_settings
from linecard.web.forms.records import RecordForm
from linecard.web.refusals import refusals_told
from linecard.web.versions import version_of

_of_template = refusals_told(lambda _, named: redirect("messaging:template", named["template_id"]))


@require_safe
def all_templates(request: HttpRequest) -> HttpResponse:
    """All templates, by channel."""
    by = _staff(request)
    shown = [(one, is_customised(one)) for one in visible_templates(by.user)]
    return render(request, "messaging/templates.html", {"templates": shown})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new template."""
    by = _staff(request)
    require(by.user, "settings", "update")
    form = RecordForm(TEMPLATE_FIELDS, request.POST if request.method == "POST" else None)
    if form.is_bound:
        try:
            made = actions.create_template(_given(form), by=by)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("The template {name} was made.").format(name=made))
            return redirect("messaging:template", made.pk)
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
@_of_template
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """One template, with what a real customer would read."""
    by = _staff(request)
    found = get_template(by.user, template_id)
    fields = {name: field for name, field in TEMPLATE_FIELDS.items() if name != "channel"}
    values = {name: getattr(found, name) for name in fields}
    form = RecordForm(fields, request.POST if request.method == "POST" else None, values=values)
    is_stale = False
    if form.is_bound:
        try:
            actions.change_template(
                _given(form), template_id=template_id, by=by, expected_version=version_of(request)
            )
        except Stale:
            is_stale = True
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("The template was saved."))
            return redirect("messaging:template", template_id)
    return _page(request, form, found, is_stale=is_stale)


@require_POST
@_of_template
def reset(request: HttpRequest, template_id: int) -> HttpResponse:
    """As it came with the program."""
    actions.reset_template(template_id=template_id, by=_staff(request), expected_version=version_of(request))
    messages.success(request, gettext("The template is as it came with the program."))
    return redirect("messaging:template", template_id)


@require_POST
@_of_template
def delete(request: HttpRequest, template_id: int) -> HttpResponse:
    """One of their own."""
    actions.delete_template(template_id=template_id, by=_staff(request), expected_version=version_of(request))
    messages.success(request, gettext("The template was deleted."))
    return redirect("messaging:templates")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What a customer would read of the texts as they are typed."""
    by = _staff(request)
    sent = request.POST
    channel = sent.get("channel", Channel.EMAIL)
    parts = {name: sent.get(name, "").replace("\r\n", "\n") for name in ("subject", "text", "html")}
    context: dict[str, Any] = {"channel": channel}
    try:
        customer = _customer(by, sent.get("customer", ""))
        context |= _read_by(customer, channel, Texts(**parts), by)
    except Invalid as refusal:
        context["problems"] = [_told(error.field, error.message) for error in refusal.errors]
    except (Conflict, Unwritable) as problem:
        context["problems"] = [str(problem)]
    return render(request, "messaging/template_preview.html", context)


def _read_by(customer: Customer, channel: str, texts: Texts, by: UserActor) -> dict[str, Any]:
    contact = customer.contacts.first() if may(by.user, "contacts", "read") else None
    known = {"name": contact.name, "email": contact.email, "mobile": contact.mobile} if contact else {}
    writer = Writer(channel, texts)
    recipient = Recipient(lambda: customer, known, company_of(current_settings()))
    written = writer.write(values_of(recipient, writer.fields))
    segments = segments_of(written.text) if channel == Channel.SMS else None
    return {"customer": customer, "contact": contact, "texts": written, "segments": segments}


def _customer(by: UserActor, text: str) -> Customer:
    cards = visible_to(by.user).filter(archived_at=None).select_related("meter")
    found = search_cards(cards, text).order_by("name_key").first()
    if found is None:
        raise Conflict(
            gettext("No customer is found.")
            if text.strip()
            else gettext("There is no customer to show it with.")
        )
    return found


def _told(field: str, message: str) -> str:
    known = TEMPLATE_FIELDS.get(field)
    return f"{gettext(known.label)}: {message}" if known else message


def _given(form: RecordForm) -> dict[str, Any]:
    return {
        name: value.replace("\r\n", "\n") if isinstance(value, str) else value
        for name, value in form.given().items()
    }


def _staff(request: HttpRequest) -> UserActor:
    by = acting_in(request)
    require(by.user, "settings", "read")
    require_staff(by.user)
    return by


def _page(
    request: HttpRequest, form: RecordForm, found: MessageTemplate | None, *, is_stale: bool = False
) -> HttpResponse:
    may_change = may(acting_in(request).user, "settings", "update")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "form": form,
        "template": found,
        "may_change": may_change,
        "is_stale": is_stale,
        "is_customised": found is not None and is_customised(found),
        "merge_fields": MERGE_FIELDS,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or is_stale else HTTPStatus.OK
    return render(request, "messaging/template.html", context, status=status)
