"""What carries a send's messages: written for each recipient, and handed to the mail server or the SMS service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext

from linecard.accounts.scope import in_scope, sees_everything
from linecard.customers.models import Customer
from linecard.delivery.emails import compose
from linecard.delivery.outcome import Outcome, Permanent, Refused
from linecard.delivery.smtp import MailConnection
from linecard.delivery.twilio import SmsConnection
from linecard.kernel.errors import Conflict, Invalid
from linecard.messaging.models import Message, Send
from linecard.messaging.words import Channel
from linecard.messaging.writing.fields import Recipient, Values, values_of
from linecard.messaging.writing.language import Unwritable
from linecard.messaging.writing.message import Texts, Writer
from linecard.setup.email import mail_problem, mail_server, sender
from linecard.setup.queries import CurrentSettings, current_settings, is_current
from linecard.setup.sms import sms_gateway, sms_problem


class Carrier(Protocol):
    """Hands messages over, one after the other."""

    def hand_over(self, message: Message, written: Texts) -> Outcome:
        """Hand over what was written for one recipient."""

    def close(self) -> None:
        """Take leave of the other side."""


class EmailCarrier:
    """Hands emails to the mail server that was set when it was made."""

    def __init__(self, settings: CurrentSettings, reply_to: str) -> None:
        self._connection = MailConnection(mail_server(settings))
        self._sender = sender(settings)
        self._reply_to = reply_to or self._sender.reply_to

    def hand_over(self, message: Message, written: Texts) -> Outcome:
        email = compose(
            sender=self._sender.address,
            sender_name=self._sender.name,
            recipient=message.address,
            subject=written.subject,
            text=written.text,
            html=written.html,
            reply_to=self._reply_to,
        )
        return self._connection.hand_over(email, sender=self._sender.address, recipient=message.address)

    def close(self) -> None:
        self._connection.close()


class SmsCarrier:
    """Hands SMS to the service that was set when it was made."""

    def __init__(self, settings: CurrentSettings) -> None:
        self._connection = SmsConnection(sms_gateway(settings))
        self._callback = status_callback(settings)

    def hand_over(self, message: Message, written: Texts) -> Outcome:
        callback = told_of(message.pk, self._callback) if self._callback else ""
        return self._connection.hand_over(
            recipient=message.address, text=written.text, status_callback=callback
        )

    def close(self) -> None:
        self._connection.close()


def problem_of_channel(channel: str, settings: CurrentSettings) -> str:
    """What is missing before anything can be sent this way, as a sentence; empty when nothing is."""
    return sms_problem(settings) if channel == Channel.SMS else mail_problem(settings)


def status_callback(settings: CurrentSettings) -> str:
    """Where the SMS service tells what became of a message; empty where we cannot be reached from outside."""
    public_url: str = settings["web.public_url"]
    return public_url.rstrip("/") + reverse("messaging:sms-status") if public_url else ""


def told_of(message_id: int, callback: str) -> str:
    """Where the SMS service tells of one message, also when we never learned what it calls it."""
    return f"{callback}?message={message_id}"


def _carrier(send: Send, settings: CurrentSettings) -> Carrier:
    return SmsCarrier(settings) if send.channel == Channel.SMS else EmailCarrier(settings, send.reply_to)


def writer_of(send: Send) -> Writer:
    """What writes a send's texts for one recipient."""
    return Writer(send.channel, Texts(send.subject, send.text, send.html))


def recipient_of(
    channel: str, customer: Callable[[], Customer], name: str, address: str, settings: CurrentSettings
) -> Recipient:
    """Whom a message by this channel is for, by the contact's name and address."""
    contact = {"name": name, "email" if channel == Channel.EMAIL else "mobile": address}
    return Recipient(customer, contact, company_of(settings))


def values_for(message: Message, channel: str, writer: Writer, settings: CurrentSettings) -> Values:
    """What the merge fields that a send asks for say of a message's recipient now."""

    def customer() -> Customer:
        return Customer.objects.select_related("meter").get(pk=message.customer_id)

    recipient = recipient_of(channel, customer, message.contact_name, message.address, settings)
    return values_of(recipient, writer.fields)


def company_of(settings: CurrentSettings) -> dict[str, str]:
    """Who we are, for the merge fields."""
    return {
        key.removeprefix("company."): value
        for key, value in settings.values.items()
        if key.startswith("company.")
    }


@dataclass(slots=True)
class Delivery:
    """The writing and carrying of one send by the settings of now; made anew when they change."""

    send: Send
    _settings: CurrentSettings | None = None
    _carrier: Carrier | None = None
    _writer: Writer | None = None

    def follow_settings(self) -> None:
        """Read the settings anew if they were changed. Not in a transaction: it may take leave of the other side."""
        if self._settings is None or not is_current(self._settings):
            self.close()
            self._settings = current_settings()

    @property
    def pace(self) -> int | None:
        """How many messages may go in a minute by the settings that are followed; None for no limit."""
        settings = self._settings or current_settings()
        pace: int | None = settings[f"{self.send.channel}.messages_per_minute"]
        return pace

    def hand_over(self, message: Message) -> Outcome:
        """Write a message for its recipient, and hand it over. What goes wrong is told, never raised."""
        try:
            settings, carrier, writer = self._ready()
        except Conflict as conflict:
            return Refused(conflict.detail)
        if not self._is_theirs(message.customer_id):
            return Permanent(gettext("The customer belongs to somebody else now."))
        try:
            message.values = values_for(message, self.send.channel, writer, settings)
            written = writer.write(message.values)
            message.subject = written.subject
            return carrier.hand_over(message, written)
        except (Unwritable, Invalid) as refusal:
            return Permanent(str(refusal))

    def _is_theirs(self, customer_id: int) -> bool:
        by = self.send.asked_by
        return sees_everything(by) or in_scope(Customer.objects.filter(pk=customer_id), by).exists()

    def close(self) -> None:
        """Take leave of the other side. It may be used again afterwards."""
        if self._carrier is not None:
            self._carrier.close()
        self._carrier = self._writer = self._settings = None

    def _ready(self) -> tuple[CurrentSettings, Carrier, Writer]:
        settings = self._settings or current_settings()
        if self._carrier is None or self._writer is None:
            if problem := problem_of_channel(self.send.channel, settings):
                raise Conflict(problem)
            self._settings = settings
            self._carrier, self._writer = _carrier(self.send, settings), writer_of(self.send)
        return settings, self._carrier, self._writer
