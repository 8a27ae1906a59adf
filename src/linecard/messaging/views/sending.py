"""The dialog of Send on the Customers page: what is written, who would get it, and begin."""

from collections.abc import Iterable
from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import require
from linecard.customers.forms.moments import MomentForm
from linecard.customers.selecting import cards_sent
from linecard.kernel.errors import FieldError, Forbidden, Invalid
from linecard.messaging.actions import Written, begin_send
from linecard.messaging.carriers import problem_of_channel
from linecard.messaging.foreseeing import preview_send
from linecard.messaging.models import MAX_KEY
from linecard.messaging.queries import visible_templates
from linecard.messaging.words import Channel
from linecard.messaging.writing.fields import MERGE_FIELDS
from linecard.setup.queries import current_settings
from linecard.web.problems import problem_of

_LATER = "later"
_PARTS = {
    "subject": gettext_noop("Subject"),
    "text": gettext_noop("Text"),
    "html": gettext_noop("HTML"),
}
_MOST_DIGITS = 7


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The dialog's form."""
    user = acting_in(request).user
    require(user, "messages", "create")
    require(user, "contacts", "read")
    settings = current_settings()
    context = {
        "channels": [
            (channel.value, channel.label, problem_of_channel(channel, settings)) for channel in Channel
        ],
        "templates": visible_templates(user),
        "merge_fields": MERGE_FIELDS,
        "moments": _moments(request),
        "key": uuid4(),
    }
    return render(request, "messaging/send_form.html", context)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Who would get what is written, and what one of them would read."""
    by = acting_in(request)
    require(by.user, "messages", "create")
    number = _number(request)
    try:
        written = _written(request)
        found = preview_send(cards_sent(request, by.user), written=written, by=by, number=number)
        at = _moments(request).moment() if _LATER in request.POST else None
    except Invalid as refusal:
        return render(request, "messaging/send_preview.html", {"refused": _told(refusal.errors)})
    context = {
        "preview": found,
        "is_blank": not any(part.strip() for part in (written.subject, written.text, written.html)),
        "problems": _told(found.errors),
        "at": at,
        "number": number,
        "shown_number": number + 1,
        "is_last": number + 1 >= found.foresight.recipients,
        "unreachable": [(one, found.names[one.customer_id]) for one in found.unreachable],
        "recipient_customer": found.names[found.recipient.customer_id] if found.recipient else "",
    }
    return render(request, "messaging/send_preview.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to send, and answer where it can be watched."""
    by = acting_in(request)
    try:
        at = _moments(request).moment() if _LATER in request.POST else None
        cards = cards_sent(request, by.user)
        key = request.POST.get("key", "")[:MAX_KEY]
        send = begin_send(cards, written=_written(request), by=by, at=at, key=key)
    except (Invalid, Forbidden) as refusal:
        return problem_of(refusal)
    told = {"id": send.pk, "recipients": send.recipients, "page": reverse("messaging:send", args=[send.pk])}
    return JsonResponse({**told, "is_later": at is not None}, status=HTTPStatus.ACCEPTED)


def _written(request: HttpRequest) -> Written:
    channel = request.POST.get("channel", "")
    if channel not in Channel.values:
        raise Invalid({"channel": gettext("Choose email or SMS.")})
    is_email = channel == Channel.EMAIL
    return Written(
        channel=channel,
        subject=request.POST.get("subject", "").strip() if is_email else "",
        text=_lines(request.POST.get("text", "")),
        html=_lines(request.POST.get("html", "")) if is_email else "",
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")  # as browsers send them


def _moments(request: HttpRequest) -> MomentForm:
    return MomentForm(request.POST or None, prefix=_LATER, legend=gettext_noop("Send after"))


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def _told(errors: Iterable[FieldError]) -> list[str]:
    return [
        f"{gettext(_PARTS[error.field])}: {error.message}" if error.field in _PARTS else error.message
        for error in errors
    ]
