"""A message as its recipient got it, and what a send did so far."""

from dataclasses import dataclass

from linecard.accounts.models import User
from linecard.messaging.carriers import values_for, writer_of
from linecard.messaging.models import Message, Send
from linecard.messaging.queries import counted
from linecard.messaging.words import MessageState
from linecard.messaging.writing.language import Unwritable
from linecard.messaging.writing.message import Texts, Writer
from linecard.setup.queries import current_settings

_HANDED_OVER = (MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Count:
    """So many of a send's messages are in this state."""

    label: str
    number: int


def is_as_sent(message: Message, writer: Writer | None = None) -> bool:
    """Whether ``texts_of`` is what was handed over: it is known what was filled in, if anything was."""
    if message.state not in _HANDED_OVER:
        return False
    return bool(message.values) or not (writer or writer_of(message.send)).fields


def texts_of(message: Message) -> Texts:
    """What was handed over; where that is not known, what would be now. Raises ``Unwritable``."""
    send = message.send
    writer = writer_of(send)
    if is_as_sent(message, writer):
        return writer.write(message.values)
    return writer.write(values_for(message, send.channel, writer, current_settings()))


def texts_or_none(message: Message) -> Texts | None:
    """As ``texts_of``; None for what cannot be written, or never will be."""
    if message.state == MessageState.UNREACHABLE:
        return None
    try:
        return texts_of(message)
    except Unwritable:
        return None


def counts_of(send: Send, user: User) -> list[Count]:
    """How many messages are in which state, in the order of the states; those without any are left out."""
    numbers = counted(send, user)
    return [Count(state.label, numbers[state]) for state in MessageState if numbers.get(state)]
