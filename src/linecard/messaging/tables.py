"""The grids of messages: the log of each channel, and the messages of one send."""

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from linecard.accounts.columns import user_shown
from linecard.accounts.models import User
from linecard.customers.models import Customer
from linecard.customers.queries import search_cards
from linecard.messaging.models import Message
from linecard.messaging.words import Channel, MessageState
from linecard.web.grid import Column, Grid, Screen, SortTerm, choices_of, presets_of

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


def log_name(channel: str) -> str:
    """The name of a channel's log as a grid."""
    return f"{channel}-log"


def search_messages(messages: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those to customers that the search finds, or in which every word is part of the address, name or subject."""
    said = Q()
    for word in text.split():
        said &= (
            Q(address__icontains=word)
            | Q(contact_name__icontains=word)
            | Q(subject__icontains=word)
            | Q(send__subject__icontains=word)
        )
    return messages.filter(said | Q(customer__in=search_cards(Customer.objects.all(), text).values("pk")))


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
