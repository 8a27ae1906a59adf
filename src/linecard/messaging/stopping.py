"""How a send ends, and what becomes of its messages that were not handed over."""

from linecard.kernel.clock import now
from linecard.messaging.models import Message, Send
from linecard.messaging.words import MessageState, SendState


def give_up_queued(send: Send, reason: str = "") -> None:
    """Hand none of a send's queued messages over. They can be tried again. The send is not saved."""
    queued = Message.objects.filter(send=send, state=MessageState.QUEUED)
    send.ended += queued.update(state=MessageState.STOPPED, words=reason, changed_at=now())


def finish(send: Send, state: SendState, problem: str = "") -> None:
    """Say that a send has ended, and how. It is not saved."""
    send.state, send.problem, send.finished_at = state, problem, now()
