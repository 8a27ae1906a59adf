"""The logs of messages, one message as its recipient got it, and those to one customer."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import may
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of
from linecard.delivery.segments import segments_of
from linecard.messaging.actions import retry_message
from linecard.messaging.queries import get_message, log_of, visible_messages, visible_sends
from linecard.messaging.showing import is_as_sent, texts_or_none
from linecard.messaging.tables import TONES, log_name, log_screen
from linecard.messaging.views.frames import framed
from linecard.messaging.words import MAY_RETRY, Channel, MessageState
from linecard.web.grid import answer_query, list_page
from linecard.web.refusals import refusals_told

PER_PAGE = 50

_of_visible_message = refusals_told(lambda _, named: redirect("messaging:message", named["message_id"]))


@require_safe
def email_log(request: HttpRequest) -> HttpResponse:
    """Every email."""
    return _log(request, Channel.EMAIL)


@require_safe
def sms_log(request: HttpRequest) -> HttpResponse:
    """Every SMS."""
    return _log(request, Channel.SMS)


@require_POST
def query_emails(request: HttpRequest) -> HttpResponse:
    """What the grid of emails asks for."""
    return _query(request, Channel.EMAIL)


@require_POST
def query_sms(request: HttpRequest) -> HttpResponse:
    """What the grid of SMS asks for."""
    return _query(request, Channel.SMS)


@require_safe
@_of_visible_message
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message: to whom, what became of it, and how it was."""
    user = user_of(request)
    found = get_message(user, message_id)
    texts = texts_or_none(found)
    sees_send = visible_sends(user).filter(pk=found.send_id).exists()
    context = {
        "message": found,
        "send": found.send,
        "sees_send": sees_send,
        "texts": texts,
        "is_as_sent": is_as_sent(found),
        "segments": segments_of(texts.text) if texts and found.send.channel == Channel.SMS else None,
        "tone": TONES.get(MessageState(found.state), "quiet"),
        "may_retry": sees_send and found.state in MAY_RETRY and may(user, "messages", "create"),
        "log_url": f"messaging:{log_name(found.send.channel)}",
    }
    return render(request, "messaging/message.html", context)


@require_safe
@_of_visible_message
def html(request: HttpRequest, message_id: int) -> HttpResponse:
    """An email's HTML alone, in a sandbox."""
    texts = texts_or_none(get_message(user_of(request), message_id))
    return framed(texts.html if texts else "")


@require_POST
@_of_visible_message
def retry(request: HttpRequest, message_id: int) -> HttpResponse:
    """Try one message again."""
    retry_message(message_id=message_id, by=acting_in(request))
    notes.success(request, gettext("The message is tried again."))
    return redirect("messaging:message", message_id)


@require_safe
@of_visible_card
def of_card(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The messages to one customer, newest first."""
    user = user_of(request)
    customer = card_of(request, customer_id)
    rows = visible_messages(user).filter(customer=customer).order_by("-id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(one, TONES.get(MessageState(one.state), "quiet")) for one in page]
    context = {"page": page, "shown": shown}
    return card_page(request, "messaging/of_card.html", customer, "messaging:of-card", context)


def _log(request: HttpRequest, channel: str) -> HttpResponse:
    return list_page(
        request,
        "messaging/log.html",
        log_screen(channel),
        log_of(channel, user_of(request)),
        one="messaging:message",
        query=f"messaging:{log_name(channel)}-query",
        channel=channel,
    )


def _query(request: HttpRequest, channel: str) -> HttpResponse:
    return answer_query(request, log_screen(channel).grid, log_of(channel, user_of(request)))
