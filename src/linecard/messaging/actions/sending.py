"""What a person asks for: send this to these customers, now or later; stop it; try again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from linecard.accounts.actor import UserActor
from linecard.audit.trail import record
from linecard.customers.actions.pending import MAX_AHEAD
from linecard.customers.models import Customer
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid
from linecard.messaging.audience import Audience
from linecard.messaging.models import Message, Send
from linecard.messaging.queries import get_message, lock_send
from linecard.messaging.stopping import finish, give_up_queued
from linecard.messaging.words import MAY_RETRY, SEND_GOING, MessageState, SendState
from linecard.messaging.writing.message import Texts, require_texts

SEND_TASK = "messaging.send"
SUBJECT = "message_send"
_LEFT_ALONE = """
    SELECT id, send_at FROM message_send WHERE state = ANY(%s) AND NOT EXISTS (
        SELECT FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing') AND task_name = %s AND (args ->> 'send_id')::bigint = message_send.id
    ) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as a person wrote it: templates of its parts."""

    channel: str
    subject: str = ""
    text: str = ""
    html: str = ""


@transaction.atomic
def begin_send(
    cards: QuerySet[Customer], *, written: Written, by: UserActor, at: datetime | None = None, key: str = ""
) -> Send:
    """Begin to send to every contact of the cards, which are those of the selected ones that the user may see.

    Who gets it is settled now. What the same user asks for again with the same ``key`` is the send that there is.
    Raises ``Forbidden`` and ``Invalid``.
    """
    by.require("messages", "create")
    by.require("contacts", "read")
    require_texts(written.channel, Texts(written.subject, written.text, written.html))
    audience = Audience(written.channel, cards)
    audience.require_few()
    moment = now()
    if at is not None and at > moment + MAX_AHEAD:
        told = gettext("At most {days} days ahead.").format(days=MAX_AHEAD.days)
        raise Invalid({"send_at": told})
    send = Send(
        key=key,
        channel=written.channel,
        subject=written.subject,
        text=written.text,
        html=written.html,
        reply_to=by.user.reseller.reply_to if by.user.reseller else "",
        made_by=by.user,
        reseller_id=by.user.reseller_id,
        made_at=moment,
        send_at=max(at or moment, moment),
    )
    try:
        with transaction.atomic():
            send.save()
    except IntegrityError:
        return Send.objects.get(made_by=by.user, key=key)
    send.refresh_from_db(fields=["id"])
    send.recipients, unreachable = audience.keep(send)
    if not send.recipients:
        raise Invalid({"selection": _nobody(unreachable)})
    send.save(update_fields=["recipients"])
    _record(send, "begun", by)
    schedule_send(send.pk, send.send_at)
    return send


@transaction.atomic
def stop_send(*, send_id: int, by: UserActor) -> Send:
    """Hand no more of its messages over. Raises ``NotFound``, ``Forbidden``, and ``Conflict`` when it has ended."""
    by.require("messages", "create")
    send = lock_send(by.user, send_id)
    if send.state not in SEND_GOING:
        raise Conflict(gettext("This send has ended."))
    give_up_queued(send)
    finish(send, SendState.STOPPED)
    send.save(update_fields=["state", "problem", "finished_at", "ended"])
    _record(send, "stopped", by)
    return send


@transaction.atomic
def retry_message(*, message_id: int, by: UserActor) -> Message:
    """As ``retry_messages``, of one. Raises ``NotFound`` as well."""
    message = get_message(by.user, message_id)
    retry_messages(Message.objects.filter(pk=message.pk), send_id=message.send_id, by=by)
    message.refresh_from_db()
    return message


@transaction.atomic
def retry_messages(messages: QuerySet[Message], *, send_id: int, by: UserActor) -> int:
    """Queue messages of a send again that failed, were stopped, or may not have arrived; how many.

    A person decides it: what may have arrived could arrive twice. Raises ``NotFound``, ``Forbidden``, ``Conflict``.
    """
    by.require("messages", "create")
    send = lock_send(by.user, send_id)
    moment = now()
    again = messages.filter(send=send, state__in=MAY_RETRY).update(
        state=MessageState.QUEUED, tries=0, due_at=moment, changed_at=moment, words=""
    )
    if not again:
        raise Conflict(gettext("None of these messages can be tried again."))
    send.state, send.problem, send.finished_at, send.waits = SendState.QUEUED, "", None, 0
    send.ended -= again
    send.retried_by = by.user
    send.send_at = min(send.send_at, moment)  # also what was stopped before its time goes now
    send.save(update_fields=["state", "problem", "finished_at", "waits", "ended", "retried_by", "send_at"])
    _record(send, "retried", by)
    schedule_send(send.pk, moment)
    return again


def schedule_send(send_id: int, at: datetime) -> None:
    """Have a worker go on with a send at a moment, once the present transaction is committed."""
    app.configure_task(SEND_TASK, queue="messages", schedule_at=at).defer(send_id=send_id)


def pick_up_sends() -> list[int]:
    """Have a worker go on with the sends that no job goes on with: theirs failed while the database was away."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_ALONE, [list(SEND_GOING), SEND_TASK])
        left_alone = cursor.fetchall()
    for send_id, at in left_alone:
        schedule_send(send_id, at)
    return [send_id for send_id, _ in left_alone]


def _nobody(unreachable: int) -> str:
    if unreachable:
        return gettext("None of the selected customers’ contacts can be written to.")
    return gettext("No customer is selected.")


def _record(send: Send, what: str, by: UserActor) -> None:
    record(by=by, action=f"send.{what}", subject_type=SUBJECT, subject_id=send.pk, note=str(send))
