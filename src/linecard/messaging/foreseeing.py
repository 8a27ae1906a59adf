"""What a send would be: who gets it, who cannot, and what one of them would read."""

from dataclasses import dataclass

from django.db.models import QuerySet

from linecard.accounts.actor import UserActor
from linecard.customers.models import Customer
from linecard.delivery.segments import Segments, segments_of
from linecard.kernel.errors import FieldError, Invalid
from linecard.messaging.actions import Written
from linecard.messaging.audience import Audience, Contacted, Foresight
from linecard.messaging.carriers import problem_of_channel, recipient_of
from linecard.messaging.words import Channel
from linecard.messaging.writing.fields import values_of
from linecard.messaging.writing.language import Unwritable
from linecard.messaging.writing.message import Texts, Writer
from linecard.setup.queries import current_settings

UNREACHABLE_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """``recipient`` is the one whose ``texts`` are shown; ``problem`` says why they cannot be written, if so.

    ``errors`` are what is wrong with the texts whoever reads them. ``missing`` is what must be set up before anything
    can be sent this way. ``names`` are those of the customers.
    """

    foresight: Foresight
    unreachable: list[Contacted]
    names: dict[int, str]
    recipient: Contacted | None
    texts: Texts
    errors: tuple[FieldError, ...]
    problem: str
    missing: str
    segments: Segments | None


def preview_send(cards: QuerySet[Customer], *, written: Written, by: UserActor, number: int = 0) -> Preview:
    """Foresee a send, and what its recipient of that number (from 0) would read.

    Raises ``Forbidden``, and ``Invalid`` for too many.
    """
    by.require("messages", "create")
    by.require("contacts", "read")
    writer, errors = _writer_of(written)
    audience = Audience(written.channel, cards)
    audience.require_few()
    recipient = audience.recipient(number)
    unreachable = audience.unreachable(UNREACHABLE_SHOWN)
    texts, problem = _read_by(recipient, writer, written.channel) if recipient and writer else (Texts(), "")
    shown = {one.customer_id for one in (*unreachable, *((recipient,) if recipient else ()))}
    return Preview(
        foresight=audience.foresee(),
        unreachable=unreachable,
        names=dict(Customer.objects.filter(pk__in=shown).values_list("pk", "name")),
        recipient=recipient,
        texts=texts,
        errors=errors,
        problem=problem,
        missing=problem_of_channel(written.channel, current_settings()),
        segments=segments_of(texts.text) if written.channel == Channel.SMS else None,
    )


def _writer_of(written: Written) -> tuple[Writer | None, tuple[FieldError, ...]]:
    try:
        return Writer(written.channel, Texts(written.subject, written.text, written.html)), ()
    except Invalid as refusal:
        return None, refusal.errors


def _read_by(recipient: Contacted, writer: Writer, channel: str) -> tuple[Texts, str]:
    def customer() -> Customer:
        return Customer.objects.select_related("meter").get(pk=recipient.customer_id)

    reader = recipient_of(channel, customer, recipient.contact_name, recipient.address, current_settings())
    try:
        return writer.write(values_of(reader, writer.fields)), ""
    except Unwritable as error:
        return Texts(), str(error)
