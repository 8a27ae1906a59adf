"""Handing a send's messages over, one after the other.

A message is marked as being sent, and that is committed, before it is handed over. Whoever finds such a mark later
cannot know whether the other side took the message, so it is never handed over again by itself: at most once, whatever
ends the process. What became of one message and the mark on the next are one transaction.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from linecard.accounts.actor import acting
from linecard.audit.actor import JOB
from linecard.delivery.outcome import Accepted, Away, Outcome, Permanent, Refused, Temporary, Unknown
from linecard.kernel.clock import now
from linecard.kernel.errors import Forbidden
from linecard.messaging.carriers import Delivery
from linecard.messaging.marking import claim_next, keep_work, lock_work, settle
from linecard.messaging.models import Message, Send
from linecard.messaging.pace import take_turn
from linecard.messaging.stopping import finish, give_up_queued
from linecard.messaging.words import SEND_GOING, MessageState, SendState

MAX_TRIES = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
INTERRUPTED = "The program was interrupted while it handed this message over; it may have arrived."

_LOCKS = 0x6D736773  # advisory locks of sends: nobody else uses this class
_WORTH_WAITING = timedelta(seconds=1)


@contextmanager
def alone_with(send_id: int) -> Iterator[bool]:
    """Whether this process is the only one that works on a send, and remains so inside."""
    key = send_id & 0x7FFFFFFF
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, key])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, key])


class SendWork:
    """One process's work on a send that nobody else works on. ``go_on_at`` says when there is more to do, if ever."""

    def __init__(self, send_id: int) -> None:
        self._send_id = send_id
        self._claimed: Message | None = None  # marked, and not handed over
        self._at_hand: Message | None = None  # being handed over, or what became of it is not written down
        self.go_on_at: datetime | None = None
        self._give_up_interrupted()
        send = Send.objects.select_related("made_by", "retried_by").get(pk=send_id)
        self._by = acting(send.asked_by, via=JOB)
        self._delivery = Delivery(send)

    def __str__(self) -> str:
        return f"send {self._send_id}"

    def advance(self) -> bool:
        """Hand the next message over; False when there is nothing more to do now."""
        message = self._claimed or self._claim_first()
        if message is None:
            return self._wait_a_moment()
        self._claimed, self._at_hand = None, message
        outcome = self._delivery.hand_over(message)
        self._delivery.follow_settings()
        with transaction.atomic():
            send = lock_work(self._send_id)
            self._settle(send, message, outcome)
            claimed = self._claim(send)
            keep_work(send)
        self._claimed, self._at_hand = claimed, None
        return self._claimed is not None or self._wait_a_moment()

    def fail(self, reason: str) -> bool:
        """Something unforeseen stopped the send: say so. What was not handed over can be tried again."""
        with transaction.atomic():
            send = lock_work(self._send_id)
            if self._at_hand is not None:
                self._at_hand.state, self._at_hand.words = MessageState.UNKNOWN, reason
                send.ended += settle(self._at_hand)
            give_up_queued(send, reason)
            finish(send, SendState.FAILED, reason)
            keep_work(send)
        self.go_on_at = None
        return False

    def close(self) -> None:
        """Leave the send to the next process: what is marked as being sent was not handed over."""
        if self._claimed is not None:
            self._give_back(self._claimed)
            self._claimed = None
            self.go_on_at = now()
        self._delivery.close()

    def _give_back(self, message: Message) -> None:
        with transaction.atomic():
            send = lock_work(self._send_id)
            message.state, message.tries = MessageState.QUEUED, message.tries - 1
            if send.state not in SEND_GOING:  # it was stopped since the message was marked
                message.state = MessageState.STOPPED
                send.ended += 1
            if settle(message):
                keep_work(send)

    def _wait_a_moment(self) -> bool:
        """Whether the next turn is so near that waiting for it is worth while; it has come then."""
        left = self.go_on_at - now() if self.go_on_at is not None else _WORTH_WAITING
        if left >= _WORTH_WAITING:
            return False
        time.sleep(max(left.total_seconds(), 0))
        return True

    def _give_up_interrupted(self) -> None:
        with transaction.atomic():
            send = lock_work(self._send_id)
            lost = Message.objects.filter(send=send, state=MessageState.SENDING).update(
                state=MessageState.UNKNOWN, words=INTERRUPTED, changed_at=now()
            )
            send.ended += lost
            keep_work(send)

    def _claim_first(self) -> Message | None:
        self._delivery.follow_settings()
        with transaction.atomic():
            send = lock_work(self._send_id)
            if send.state in SEND_GOING and send.send_at <= now():
                self._begin(send)
            message = self._claim(send)
            keep_work(send)
        return message

    def _begin(self, send: Send) -> None:
        """Go on, unless whoever asked for it was deactivated or left a group since."""
        try:
            self._by.require("messages", "create")
        except Forbidden as refusal:
            give_up_queued(send, refusal.detail)
            finish(send, SendState.FAILED, refusal.detail)
        else:
            send.state = SendState.RUNNING

    def _claim(self, send: Send) -> Message | None:
        """Mark the next message that is due; None when there is none, or the send was stopped."""
        self.go_on_at = None
        if send.state not in SEND_GOING:
            return None
        queued, moment = Message.objects.filter(send=send, state=MessageState.QUEUED), now()
        pace = self._delivery.pace
        if pace is not None and queued.filter(due_at__lte=moment).exists():
            self.go_on_at = take_turn(send.channel, pace)
            if self.go_on_at is not None:
                return None
        message = claim_next(send.pk, moment)
        if message is None:
            self.go_on_at = queued.aggregate(soonest=Min("due_at"))["soonest"]
            if self.go_on_at is None:
                finish(send, SendState.DONE)
        return message

    def _settle(self, send: Send, message: Message, outcome: Outcome) -> None:
        message.changed_at = now()
        message.words = outcome.words
        if isinstance(outcome, Away | Refused):
            self._hold(send, message, outcome)
        elif isinstance(outcome, Temporary) and message.tries < MAX_TRIES and send.state in SEND_GOING:
            message.state = MessageState.QUEUED
            message.due_at = message.changed_at + _wait_after(message.tries)
            send.waits, send.problem = 0, ""
        else:
            message.state = _STATE_AFTER[type(outcome)]
            message.reference = outcome.reference if isinstance(outcome, Accepted) else ""
            send.waits, send.problem = 0, ""
        if settle(message) and message.state != MessageState.QUEUED:
            send.ended += 1

    def _hold(self, send: Send, message: Message, outcome: Away | Refused) -> None:
        """No message would fare better now: all of them wait, or, when nothing will mend it, the send ends."""
        message.state, message.tries = MessageState.QUEUED, message.tries - 1
        if send.state not in SEND_GOING:
            message.state, message.words = MessageState.STOPPED, ""
            return
        send.waits += 1
        send.problem = outcome.words
        if isinstance(outcome, Away) and send.waits < MAX_TRIES:
            message.due_at = message.changed_at + _wait_after(send.waits)
            Message.objects.filter(send=send, state=MessageState.QUEUED, due_at__lt=message.due_at).update(
                due_at=message.due_at
            )
            return
        message.state = MessageState.STOPPED
        give_up_queued(send, outcome.words)
        finish(send, SendState.FAILED, outcome.words)


_STATE_AFTER = {
    Accepted: MessageState.SENT,
    Temporary: MessageState.FAILED,
    Permanent: MessageState.FAILED,
    Unknown: MessageState.UNKNOWN,
}


def _wait_after(tries: int) -> timedelta:
    return min(FIRST_WAIT * int(2 ** (tries - 1)), LONGEST_WAIT)
