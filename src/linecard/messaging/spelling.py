"""Sends and messages as the API's JSON objects."""

from typing import Any

from linecard.accounts.models import User
from linecard.kernel.clock import write_moment
from linecard.messaging.audience import Contacted
from linecard.messaging.models import Message, Send
from linecard.messaging.queries import counted, visible_sends
from linecard.messaging.words import MessageState
from linecard.web import jobs

Json = dict[str, Any]

KIND = "send"
URL = "/api/v1/messages"


def spell_send(send: Send) -> Json:
    """A send without its texts, which are long."""
    return {
        **jobs.spell(send),
        "channel": send.channel,
        "subject": send.subject,
        "send_at": write_moment(send.send_at),
    }


def spell_whole_send(send: Send, user: User) -> Json:
    """A send with its texts, and how many of its messages are in which state."""
    numbers = counted(send, user)
    return {
        **spell_send(send),
        "body": send.text,
        "html": send.html,
        "counts": {state.value: numbers.get(state.value, 0) for state in MessageState},
    }


def spell_message(message: Message) -> Json:
    """One recipient's message."""
    return {
        "id": message.pk,
        "customer": message.customer_id,
        "customer_name": message.customer.name,
        "contact": message.contact_id,
        "contact_name": message.contact_name,
        "address": message.address,
        "state": message.state,
        "reason": message.words,
        "reference": message.reference,
        "tries": message.tries,
        "due_at": write_moment(message.due_at),
        "changed_at": write_moment(message.changed_at),
    }


def spell_problem(message: Message) -> Json:
    """A contact that cannot be written to."""
    return {
        "customer": message.customer_id,
        "customer_name": message.customer.name,
        "contact": message.contact_id,
        "contact_name": message.contact_name,
        "address": message.address,
        "reason": message.words,
    }


def spell_contacted(one: Contacted, names: dict[int, str]) -> Json:
    """As ``spell_problem``, before there is a message."""
    return {
        "customer": one.customer_id,
        "customer_name": names[one.customer_id],
        "contact": one.contact_id,
        "contact_name": one.contact_name,
        "address": one.address,
        "reason": one.reason,
    }


def find_send_job(user: User, job_id: int) -> Json | None:
    """The send of that id as a job."""
    send = visible_sends(user).filter(pk=job_id).first()
    return None if send is None else {"kind": KIND, **spell_send(send)}
