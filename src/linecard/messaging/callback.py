"""What the SMS service tells of a message later: it arrived, or why it did not."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from linecard.delivery.outcome import readable
from linecard.delivery.twilio import signature_is_valid
from linecard.kernel.clock import now
from linecard.kernel.errors import Forbidden
from linecard.messaging.carriers import status_callback
from linecard.messaging.marking import keep_work, lock_work
from linecard.messaging.models import MAX_REFERENCE, Message
from linecard.messaging.words import MessageState
from linecard.setup.queries import current_settings

_TOLD = {
    "accepted": MessageState.SENT,
    "queued": MessageState.SENT,
    "sending": MessageState.SENT,
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}
# Tidings come twice and out of order: what has arrived or failed stays so.
_MAY_BECOME = {
    MessageState.SENT: (MessageState.UNKNOWN,),
    MessageState.DELIVERED: (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN),
    MessageState.FAILED: (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN),
}
_MOST_DIGITS = 18


@transaction.atomic
def take_status(parameters: Mapping[str, str], *, message: str, query: str, signature: str) -> None:
    """Note what became of a message. Raises ``Forbidden`` unless the service signed it.

    ``query`` is that of the address we were called at, and ``message`` the number in it: it settles what we do not know
    to have been taken, because the process that handed it over ended before it learned what the service calls it.
    """
    settings = current_settings()
    address = status_callback(settings) + (f"?{query}" if query else "")
    if not signature_is_valid(settings.secret("sms.auth_token"), address, parameters, signature):
        raise Forbidden(gettext("This was not signed by the SMS service."))
    state = _TOLD.get(parameters.get("MessageStatus", ""))
    reference = parameters.get("MessageSid", "")
    if state is None or not 0 < len(reference) <= MAX_REFERENCE:
        return
    found = _message(reference, message)
    if found is None:
        return
    send = lock_work(found.send_id)
    found.refresh_from_db()
    if found.state not in _MAY_BECOME[state] or found.reference not in ("", reference):
        return
    if found.state == MessageState.SENDING:  # the service was quicker than whoever hands it over
        send.ended += 1
        keep_work(send)
    found.state, found.reference, found.changed_at = state, reference, now()
    found.words = _why(parameters) if state == MessageState.FAILED else ""
    found.save(update_fields=["state", "reference", "changed_at", "words"])


def _message(reference: str, number: str) -> Message | None:
    """The one that the service calls so, or the one of that number if we do not know what the service calls it."""
    if (found := Message.objects.filter(reference=reference).first()) is not None:
        return found
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        return None
    return Message.objects.filter(pk=int(number), reference="").first()


def _why(parameters: Mapping[str, str]) -> str:
    told = (parameters.get("ErrorCode", ""), parameters.get("ErrorMessage", ""))
    return readable(": ".join(part for part in told if part) or parameters["MessageStatus"])
