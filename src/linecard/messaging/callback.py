"""What the SMS service tells of a message later: it arrived, or why it did not."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext

from linecard.delivery.outcome import readable
from linecard.delivery.twilio import signature_is_valid
from linecard.kernel.clock import now
from linecard.kernel.errors import Forbidden
from linecard.messaging.carriers import status_callback
from linecard.messaging.models import Message
from linecard.messaging.words import MessageState
from linecard.setup.queries import current_settings

_ENDS = {
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}
# Only what was handed over can still arrive or fail; tidings come twice and out of order.
_OPEN = (MessageState.SENT, MessageState.UNKNOWN)


@transaction.atomic
def take_status(parameters: Mapping[str, str], signature: str) -> None:
    """Note what became of a message. Raises ``Forbidden`` unless the service signed it."""
    settings = current_settings()
    if not signature_is_valid(
        settings.secret("sms.auth_token"), status_callback(settings), parameters, signature
    ):
        raise Forbidden(gettext("This was not signed by the SMS service."))
    state = _ENDS.get(parameters.get("MessageStatus", ""))
    reference = parameters.get("MessageSid", "")
    if state is None or not reference:
        return
    found = Message.objects.select_for_update().filter(reference=reference, state__in=_OPEN)
    words = _why(parameters) if state == MessageState.FAILED else ""
    found.update(state=state, words=words, changed_at=now())


def _why(parameters: Mapping[str, str]) -> str:
    told = (parameters.get("ErrorCode", ""), parameters.get("ErrorMessage", ""))
    return readable(": ".join(part for part in told if part) or parameters["MessageStatus"])
