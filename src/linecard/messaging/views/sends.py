"""Sends: all of them, and of one how far it is, who got it, who did not and why."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.customers.views.pages import user_of
from linecard.kernel.clock import now
from linecard.messaging.actions import retry_messages, stop_send
from linecard.messaging.models import Send
from linecard.messaging.queries import get_send, messages_of, visible_messages, visible_sends
from linecard.messaging.showing import counts_of
from linecard.messaging.tables import SEND_TONES, send_screen, sends_screen
from linecard.messaging.words import SEND_GOING, MessageState, SendState
from linecard.web.grid import address_of_one, answer_query, list_page
from linecard.web.refusals import refusals_told

_TRIED_AGAIN = (MessageState.FAILED, MessageState.STOPPED)

_of_visible_send = refusals_told(lambda _, named: redirect("messaging:send", named["send_id"]))


@require_safe
def all_sends(request: HttpRequest) -> HttpResponse:
    """The grid of sends, with its first rows."""
    sends = visible_sends(user_of(request))
    return list_page(
        request,
        "messaging/sends.html",
        sends_screen(),
        sends,
        one="messaging:send",
        query="messaging:sends-query",
    )


@require_POST
def query_sends(request: HttpRequest) -> HttpResponse:
    """What the grid of sends asks for."""
    return answer_query(request, sends_screen().grid, visible_sends(user_of(request)))


@require_safe
@_of_visible_send
def send(request: HttpRequest, send_id: int) -> HttpResponse:
    """The send, and the grid of its messages."""
    user = user_of(request)
    found = get_send(user, send_id)
    context = send_screen(found.channel).context(
        messages_of(found, user),
        request.GET.dict(),
        query_url=reverse("messaging:send-query", args=[send_id]),
        row_url=address_of_one("messaging:message"),
    )
    may_send = may(user, "messages", "create")
    is_going = found.state in SEND_GOING
    context |= _state_of(found, user) | {
        "may_stop": may_send and is_going,
        "may_retry": may_send
        and not is_going
        and messages_of(found, user).filter(state__in=_TRIED_AGAIN).exists(),
    }
    return render(request, "messaging/send.html", context)


@require_safe
@_of_visible_send
def send_state(request: HttpRequest, send_id: int) -> HttpResponse:
    """How far the send is, for a page that shows the state ``of``; another state needs another page."""
    user = user_of(request)
    found = get_send(user, send_id)
    if found.state != request.GET.get("of"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    return render(request, "messaging/send_state.html", _state_of(found, user))


@require_POST
@_of_visible_send
def query_send(request: HttpRequest, send_id: int) -> HttpResponse:
    """What the grid of a send's messages asks for."""
    user = user_of(request)
    found = get_send(user, send_id)
    return answer_query(request, send_screen(found.channel).grid, messages_of(found, user))


@require_POST
@_of_visible_send
def stop(request: HttpRequest, send_id: int) -> HttpResponse:
    """Hand no more of it over."""
    stop_send(send_id=send_id, by=acting_in(request))
    notes.success(
        request, gettext("The send was stopped. What was handed over before cannot be called back.")
    )
    return redirect("messaging:send", send_id)


@require_POST
@_of_visible_send
def retry(request: HttpRequest, send_id: int) -> HttpResponse:
    """Try what failed or was stopped again; what may have arrived is left to a decision of its own."""
    by = acting_in(request)
    again = visible_messages(by.user).filter(state__in=_TRIED_AGAIN)
    retry_messages(again, send_id=send_id, by=by)
    notes.success(request, gettext("The messages are tried again."))
    return redirect("messaging:send", send_id)


def _state_of(send: Send, user: User) -> dict[str, Any]:
    return {
        "send": send,
        "tone": SEND_TONES[SendState(send.state)],
        "counts": counts_of(send, user),
        "is_going": send.state in SEND_GOING,
        "is_waiting": send.state == SendState.QUEUED and send.send_at > now(),
    }
