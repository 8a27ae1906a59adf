"""The statements each message of a send waits for: plain SQL, which took longer to build than to run."""

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from linecard.messaging.models import Message, Send

# its texts are long and stay as they are: they are not read again with each message
_LOCK = """
    SELECT id, channel, state, send_at, finished_at, problem, waits, recipients, ended
    FROM message_send WHERE id = %s FOR UPDATE
"""
_KEEP = """
    UPDATE message_send SET state = %s, finished_at = %s, problem = %s, waits = %s, ended = %s WHERE id = %s
"""
_CLAIM = """
    UPDATE message SET state = 'sending', tries = tries + 1
    WHERE id = (
        SELECT id FROM message WHERE send_id = %s AND state = 'queued' AND due_at <= %s ORDER BY due_at, id LIMIT 1
    )
    RETURNING *
"""
_SETTLE = """
    UPDATE message SET state = %s, tries = %s, words = %s, reference = %s, due_at = %s, changed_at = %s, subject = %s,
        values = %s
    WHERE id = %s AND state = 'sending'
"""
_KEEP_TEXTS = "UPDATE message SET subject = %s, values = %s WHERE id = %s"


def lock_work(send_id: int) -> Send:
    """A send without its texts, locked until the transaction ends. Raises ``IndexError`` for none."""
    return Send.objects.raw(_LOCK, [send_id])[0]


def keep_work(send: Send) -> None:
    """Write down how far a send has come."""
    _execute(_KEEP, [send.state, send.finished_at, send.problem, send.waits, send.ended, send.pk])


def claim_next(send_id: int, moment: datetime) -> Message | None:
    """Mark the next message that is due as being sent; None when there is none."""
    return next(iter(Message.objects.raw(_CLAIM, [send_id, moment])), None)


def settle(message: Message) -> bool:
    """Write down what became of a message that is marked as being sent; False when its mark was taken away.

    Even then it is kept what was sent.
    """
    settled = _execute(
        _SETTLE,
        [
            message.state,
            message.tries,
            message.words,
            message.reference,
            message.due_at,
            message.changed_at,
            message.subject,
            Jsonb(message.values),
            message.pk,
        ],
    )
    if not settled:
        _execute(_KEEP_TEXTS, [message.subject, Jsonb(message.values), message.pk])
    return settled == 1


def _execute(statement: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
