"""Messages to customers: send, look how far it is, stop, try again, read what was sent."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StrictBool, StrictInt, StrictStr

from linecard.accounts.api_auth import calling
from linecard.accounts.models import User
from linecard.customers.api.timing import given_time
from linecard.customers.selecting import selected_cards
from linecard.kernel.errors import FieldError, Invalid
from linecard.messaging.actions import Written, begin_send, retry_messages, stop_send
from linecard.messaging.foreseeing import Preview, preview_send
from linecard.messaging.queries import (
    get_send,
    messages_of,
    visible_messages,
    visible_sends,
    visible_templates,
)
from linecard.messaging.showing import texts_or_none
from linecard.messaging.spelling import (
    URL,
    spell_contacted,
    spell_message,
    spell_problem,
    spell_send,
    spell_whole_send,
)
from linecard.messaging.words import MessageState
from linecard.web.answers import PageParameters, json_answer, page_of
from linecard.web.api_document import described
from linecard.web.database import the_one
from linecard.web.grid import Selection
from linecard.web.schemas import Given, Moment, Told, page_schema

router = Router(tags=["Messages"])

MAX_PROBLEMS = 1000

MessageStates = Literal[
    "queued", "sending", "sent", "delivered", "failed", "unknown", "unreachable", "stopped"
]


class NewMessage(
    Given,
    json_schema_extra={
        "examples": [
            {
                "channel": "email",
                "selection": {"ids": [17, 18]},
                "subject": "Maintenance on Sunday",
                "body": "Dear {{ contact.name }}, …",
            }
        ]
    },
):
    """A message to every contact of the selected customers. Its texts may name merge fields."""

    channel: Literal["email", "sms"]
    selection: Selection
    template: StrictInt | None = Field(
        default=None,
        description="The id of a template. It gives the subject when that is left out, and the text when `body` and "
        "`html` are.",
    )
    subject: StrictStr = Field(default="", description="Of an email.")
    body: StrictStr = Field(
        default="", description="The text. Of an email it is made from `html` when empty."
    )
    html: StrictStr = Field(default="", description="The other form of an email's text; made safe.")
    send_at: Moment | None = Field(default=None, description="When to begin; at once when not given.")
    preview: StrictBool = Field(
        default=False,
        description="Only tell who would get it, who cannot, and what the first one would read.",
    )


class Unreachable(Told):
    """A contact that cannot be written to."""

    customer: StrictInt
    customer_name: StrictStr
    contact: StrictInt | None
    contact_name: StrictStr
    address: StrictStr
    reason: StrictStr


class Begun(Told):
    """A send that was begun."""

    id: StrictInt = Field(description="Also the id of its job.")
    recipients: StrictInt = Field(description="How many get it, one message each.")
    problems: list[Unreachable] = Field(description="Who cannot be written to, and why; the first 1,000.")
    problem_count: StrictInt


class Previewed(Told):
    """What a send would be."""

    recipients: StrictInt
    problems: list[Unreachable]
    problem_count: StrictInt
    subject: StrictStr = Field(description="As the first recipient would read it.")
    body: StrictStr
    html: StrictStr
    segments: StrictInt | None = Field(description="Of an SMS: in how many parts it goes.")
    encoding: StrictStr | None = Field(description="Of an SMS: `GSM-7` or `UCS-2`.")


class Recipient(Unreachable):
    """One recipient, and what became of their message."""

    id: StrictInt
    state: MessageStates
    reason: StrictStr = Field(description="What the other side said, or why it was not sent.")
    reference: StrictStr = Field(description="What the other side calls the message.")
    tries: StrictInt
    due_at: Moment
    changed_at: Moment


class SendTold(Told):
    """A send."""

    id: StrictInt
    channel: Literal["email", "sms"]
    state: Literal["queued", "running", "done", "failed", "stopped"]
    progress: StrictInt
    problem: StrictStr = Field(description="What is in its way; else empty.")
    subject: StrictStr
    made_by: StrictStr
    made_at: Moment
    send_at: Moment
    finished_at: Moment | None


class SendWithRecipients(SendTold):
    """A send with its texts and a part of its recipients."""

    body: StrictStr
    html: StrictStr
    counts: dict[str, StrictInt] = Field(description="How many messages are in which state.")
    recipients: list[Recipient]
    total: StrictInt = Field(description="How many recipients match in all.")


class AsSent(Told):
    """A message as its recipient got it; null where it cannot be written."""

    subject: StrictStr | None
    body: StrictStr | None
    html: StrictStr | None


class Retried(Told):
    """What is tried again."""

    id: StrictInt
    retried: StrictInt


class WantedRecipients(PageParameters):
    """Which recipients are wanted."""

    state: MessageStates | None = Field(default=None, description="Only messages in this state.")


class Again(Given):
    """Which messages to try again."""

    messages: list[StrictInt] | None = Field(
        default=None, max_length=1000, description="Their ids; all that failed, when left out."
    )


Sends = page_schema("Sends", SendTold)


@router.post(
    "/messages",
    response={200: Previewed, 201: Begun},
    summary="Send a message",
    openapi_extra=described(location=True),
)
def send_message(request: HttpRequest, payload: NewMessage) -> HttpResponse:
    """One message for every email address, or mobile, of the customers' contacts. Nobody sees another recipient.

    Who gets it is settled now; what the merge fields say is that of the moment in which each message goes. A template
    that is changed later does not change what was begun with it.
    """
    by = calling(request)
    cards = selected_cards(by.user, payload.selection)
    try:
        written = _written(payload, by.user)
        if payload.preview:
            return json_answer(_preview(preview_send(cards, written=written, by=by)))
        at = None if payload.send_at is None else given_time("send_at", payload.send_at)
        send = begin_send(cards, written=written, at=at, by=by)
    except Invalid as refusal:
        raise Invalid(
            FieldError("body" if error.field == "text" else error.field, error.message)
            for error in refusal.errors
        ) from refusal
    problems = messages_of(send, by.user).filter(state=MessageState.UNREACHABLE)
    told = {
        "id": send.pk,
        "recipients": send.recipients,
        "problems": [spell_problem(message) for message in problems[:MAX_PROBLEMS]],
        "problem_count": problems.count(),
    }
    return json_answer(told, 201, {"Location": f"{URL}/{send.pk}"})


@router.get("/messages", response=Sends, summary="List sends")
def list_sends(request: HttpRequest, wanted: Query[PageParameters]) -> HttpResponse:
    """Those that you may know of, newest first; each without its texts."""
    return page_of(visible_sends(calling(request).user), wanted, spell_send)


@router.get("/messages/{int:send_id}", response=SendWithRecipients, summary="Read a send")
def read_send(request: HttpRequest, send_id: int, wanted: Query[WantedRecipients]) -> HttpResponse:
    """How far it is, with a row for each recipient and what became of their message."""
    user = calling(request).user
    send = get_send(user, send_id)
    messages = messages_of(send, user)
    if wanted.state:
        messages = messages.filter(state=wanted.state)
    part = messages[wanted.offset : wanted.offset + wanted.limit]
    told = {
        **spell_whole_send(send, user),
        "recipients": [spell_message(message) for message in part],
        "total": messages.count(),
    }
    return json_answer(told)


@router.get(
    "/messages/{int:send_id}/sent/{int:message_id}", response=AsSent, summary="Read a message as it was sent"
)
def read_message(request: HttpRequest, send_id: int, message_id: int) -> HttpResponse:
    """As its recipient got it; before it was handed over, as it would be now."""
    user = calling(request).user
    get_send(user, send_id)
    texts = texts_or_none(the_one(visible_messages(user).filter(send=send_id, pk=message_id), "message"))
    parts = (texts.subject, texts.text, texts.html) if texts else (None, None, None)
    return json_answer(dict(zip(("subject", "body", "html"), parts, strict=True)))


@router.post("/messages/{int:send_id}/stop", response=SendTold, summary="Stop a send")
def stop_sending(request: HttpRequest, send_id: int) -> HttpResponse:
    """What was not handed over yet stays here; it can be tried again."""
    return json_answer(spell_send(stop_send(send_id=send_id, by=calling(request))))


@router.post("/messages/{int:send_id}/retry", response=Retried, summary="Try messages again")
def retry_sending(request: HttpRequest, send_id: int, payload: Again) -> HttpResponse:
    """Those that failed or were stopped. One whose fate is unknown only when it is named: it could arrive twice."""
    by = calling(request)
    messages = visible_messages(by.user)
    if payload.messages is None:
        messages = messages.exclude(state=MessageState.UNKNOWN)
    else:
        messages = messages.filter(pk__in=payload.messages)
    return json_answer({"id": send_id, "retried": retry_messages(messages, send_id=send_id, by=by)})


def _written(payload: NewMessage, user: User) -> Written:
    """What is to be sent: as it was given, and the template's where nothing was."""
    if payload.template is None:
        return Written(payload.channel, payload.subject, payload.body, payload.html)
    template = visible_templates(user).filter(pk=payload.template).first()
    if template is None:
        raise Invalid({"template": gettext("There is no such template.")})
    if template.channel != payload.channel:
        raise Invalid({"template": gettext("This template is not of this channel.")})
    given = payload.model_fields_set
    subject = payload.subject if "subject" in given else template.subject
    if given & {"body", "html"}:  # two forms of one text: the template's other form would say something else
        return Written(payload.channel, subject, payload.body, payload.html)
    return Written(payload.channel, subject, template.text, template.html)


def _preview(preview: Preview) -> dict[str, Any]:
    if preview.errors:
        raise Invalid(preview.errors)
    segments = preview.segments
    return {
        "recipients": preview.foresight.recipients,
        "problems": [spell_contacted(one, preview.names) for one in preview.unreachable],
        "problem_count": preview.foresight.unreachable,
        "subject": preview.texts.subject,
        "body": preview.texts.text,
        "html": preview.texts.html,
        "segments": segments.count if segments else None,
        "encoding": segments.encoding if segments else None,
    }
