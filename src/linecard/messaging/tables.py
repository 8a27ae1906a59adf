"""The grids of messages: all sends, the messages of one, and the log of each channel."""

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.utils.translation import gettext_noop

from linecard.accounts.columns import user_column, user_shown
from linecard.accounts.models import User
from linecard.customers.models import Customer
from linecard.customers.queries import search_cards
from linecard.messaging.models import Message, Send
from linecard.messaging.words import Channel, MessageState, SendState
from linecard.web.grid import Column, Grid, Screen, SortTerm, choices_of, presets_of

MAX_SAID = 120  # characters of a text that stand for it
TONES = {
    MessageState.QUEUED: "info",
    MessageState.SENDING: "info",
    MessageState.SENT: "good",
    MessageState.DELIVERED: "good",
    MessageState.FAILED: "bad",
    MessageState.UNKNOWN: "warn",
    MessageState.UNREACHABLE: "warn",
}
_STATES = choices_of(MessageState, TONES)
SEND_TONES = {
    SendState.QUEUED: "info",
    SendState.RUNNING: "info",
    SendState.DONE: "good",
    SendState.FAILED: "bad",
    SendState.STOPPED: "warn",
}
_SEND_STATES = choices_of(SendState, SEND_TONES)


def log_name(channel: str) -> str:
    """The name of a channel's log as a grid."""
    return f"{channel}-log"


def search_messages(messages: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those to customers that the search finds, or in which every word is part of the address, name or subject."""
    said = Q()
    for word in text.split():
        said &= Q(address__icontains=word) | Q(contact_name__icontains=word) | Q(subject__icontains=word)
    return messages.filter(said | Q(customer__in=search_cards(Customer.objects.all(), text).values("pk")))


def search_sends(sends: QuerySet[Send], text: str) -> QuerySet[Send]:
    """Those in whose beginning, or in the name of who asked for them, every word is."""
    for word in text.split():
        sends = sends.filter(
            Q(subject__icontains=word)
            | Q(subject="", text__icontains=word)
            | Q(made_by__name__icontains=word)
            | Q(made_by__username__icontains=word)
        )
    return sends


@cache
def sends_screen() -> Screen:
    """All sends."""
    return Screen(
        grid=_sends_grid(),
        one=gettext_noop("send"),
        many=gettext_noop("sends"),
        presets=presets_of("state", _SEND_STATES),
        selects=False,
    )


@cache
def log_screen(channel: str) -> Screen:
    """The log of a channel."""
    return Screen(
        grid=_grid(log_name(channel), channel),
        one=gettext_noop("message"),
        many=gettext_noop("messages"),
        presets=presets_of("state", _STATES),
        selects=False,
    )


def log_screen_of(channel: str, user: User) -> Screen:
    """The log of a channel, which all who see it see alike."""
    return log_screen(channel)


@cache
def send_screen(channel: str) -> Screen:
    """The messages of one send."""
    return Screen(
        grid=_grid("send", channel),
        one=gettext_noop("message"),
        many=gettext_noop("messages"),
        presets=presets_of("state", _STATES),
        selects=False,
    )


def _sends_grid() -> Grid:
    return Grid(
        "sends",
        (
            Column(
                name="made_at",
                label=gettext_noop("Begun"),
                kind="datetime",
                width=130,
                priority=1,
                opens_row=True,
            ),
            Column(
                name="state",
                label=gettext_noop("State"),
                kind="choice",
                choices=_SEND_STATES,
                width=120,
                priority=1,
            ),
            Column(
                name="channel",
                label=gettext_noop("Channel"),
                kind="choice",
                choices=choices_of(Channel),
                width=100,
                priority=2,
            ),
            _text("said", gettext_noop("What"), width=260, priority=1, grows=True, groupable=False),
            Column(
                name="recipients", label=gettext_noop("Recipients"), kind="integer", width=110, priority=2
            ),
            Column(name="ended", label=gettext_noop("Dealt with"), kind="integer", width=110, priority=3),
            Column(name="send_at", label=gettext_noop("Goes at"), kind="datetime", width=150, priority=3),
            _text("problem", gettext_noop("Problem"), width=260, priority=3, grows=True),
            user_column("made_by", gettext_noop("By"), width=150, priority=2),
            Column(
                name="finished_at", label=gettext_noop("Ended"), kind="datetime", width=150, shown_first=False
            ),
            Column(name="id", label=gettext_noop("Job"), kind="integer", width=90, shown_first=False),
        ),
        search=search_sends,
        default_sort=[SortTerm(column="made_at", direction="desc")],
        annotations={**user_shown("made_by"), "said": _SAID},
    )


# an SMS has no subject, and texts are long
_SAID = Coalesce(NullIf("subject", Value("")), Left("text", MAX_SAID))


def _grid(name: str, channel: str) -> Grid:
    return Grid(
        name,
        _columns(channel),
        search=search_messages,
        default_sort=[SortTerm(column="changed_at", direction="desc")],
        annotations=user_shown("send__made_by"),
    )


def _columns(channel: str) -> tuple[Column, ...]:
    is_email = channel == Channel.EMAIL
    subject = _text("subject", gettext_noop("Subject"), width=220, priority=2, grows=True, groupable=False)
    return (
        Column(
            name="changed_at",
            label=gettext_noop("When"),
            kind="datetime",
            width=118,
            priority=1,
            opens_row=True,
        ),
        Column(
            name="state", label=gettext_noop("State"), kind="choice", choices=_STATES, width=122, priority=1
        ),
        _text("address", gettext_noop("To"), width=200, priority=1, grows=True),
        Column(
            name="customer",
            label=gettext_noop("Customer"),
            kind="reference",
            source="customer_id",
            shown="customer__name",
            sort=("customer__name_key",),
            page="customers:card",
            width=170,
            priority=2,
        ),
        _text("contact_name", gettext_noop("Contact"), width=140, priority=3),
        *((subject,) if is_email else ()),
        _text("words", gettext_noop("What was said"), width=220, priority=2, grows=True),
        _made_by(),
        Column(
            name="made_at", label=gettext_noop("Begun"), kind="datetime", source="send__made_at", width=118
        ),
        Column(name="send", label=gettext_noop("Send"), kind="integer", source="send_id", shown_first=False),
        Column(name="tries", label=gettext_noop("Tries"), kind="integer", shown_first=False),
        Column(name="due_at", label=gettext_noop("Due"), kind="datetime", shown_first=False),
        _text("reference", gettext_noop("Reference"), shown_first=False),
    )


def _text(name: str, label: str, **look: Any) -> Column:
    return Column(name=name, label=label, kind="text", **look)


def _made_by() -> Column:
    return Column(
        name="made_by",
        label=gettext_noop("By"),
        kind="reference",
        source="send__made_by_id",
        shown="send__made_by_shown",
        width=130,
        priority=4,
    )
