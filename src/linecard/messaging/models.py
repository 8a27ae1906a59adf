"""What is sent to customers: one send, and each of its messages."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower

from linecard.accounts.models import User
from linecard.kernel.clock import now
from linecard.messaging.words import Channel, MessageState, SendState
from linecard.messaging.writing.message import MAX_SUBJECT

MAX_ADDRESS = 254
MAX_REFERENCE = 200
MAX_KEY = 36


class Send(models.Model):
    """One message to many recipients, as it was written. Its id is also that of its job.

    ``subject``, ``text`` and ``html`` are templates. Recipients are those that the cards had when it was asked for;
    values are those of the moment in which each message is handed over.
    """

    id = models.BigIntegerField(
        primary_key=True, db_default=Func(template="nextval('job_id')", output_field=models.BigIntegerField())
    )
    channel = models.CharField(max_length=10, choices=Channel)
    subject = models.CharField(max_length=MAX_SUBJECT, default="")
    text = models.TextField(default="")
    html = models.TextField(default="")
    reply_to = models.CharField(max_length=MAX_ADDRESS, default="")
    state = models.CharField(max_length=10, choices=SendState, default=SendState.QUEUED)
    # whose users may know of it; none for the operator's own
    reseller = models.ForeignKey("accounts.Reseller", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    # what a dialog calls it, so that a request that is repeated begins nothing more
    key = models.CharField(max_length=MAX_KEY, default="")
    # who tried it again last, if anybody: it goes in their name then
    retried_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    send_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    # how often in a row the other side could not be reached
    waits = models.SmallIntegerField(default=0)
    recipients = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)

    class Meta:
        db_table = "message_send"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SendState.values), name="message_send_state"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_send_channel"),
            models.UniqueConstraint("made_by", "key", condition=~Q(key=""), name="message_send_once"),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:60]

    @property
    def asked_by(self) -> User:
        """In whose name it goes: what they may not do any more is not done."""
        return self.retried_by or self.made_by

    @property
    def progress(self) -> int:
        """How many of the messages have ended, in whole percent; 100 is finished."""
        if self.state in (SendState.QUEUED, SendState.RUNNING):
            return min(99, 100 * self.ended // max(self.recipients, 1))
        return 100


class Message(models.Model):
    """One message to one address, or a contact that cannot be written to, with the reason in ``words``.

    ``values`` are those that were filled into the send's texts when it was handed over: with them it can be shown as it
    was, without a copy of long texts for each recipient. ``reference`` is what the other side calls it.
    """

    send = models.ForeignKey(Send, models.CASCADE, related_name="messages")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="messages")
    contact_id = models.BigIntegerField(null=True)
    contact_name = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=MAX_ADDRESS, default="")
    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.QUEUED)
    words = models.TextField(default="")
    reference = models.CharField(max_length=MAX_REFERENCE, default="")
    tries = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField(default=now)
    subject = models.TextField(default="")
    values = models.JSONField(default=dict)

    class Meta:
        db_table = "message"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state"),
            # nobody is written to twice by one send, however an address is spelled
            models.UniqueConstraint(
                "send",
                Lower("address"),
                condition=~Q(state=MessageState.UNREACHABLE),
                name="message_once_per_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send", "due_at", "id"], condition=Q(state=MessageState.QUEUED), name="message_due"
            ),
            models.Index(fields=["customer", "-id"], name="message_of_customer"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="message_reference"),
        ]

    def __str__(self) -> str:
        return f"to {self.address}"


class Pace(models.Model):
    """When the next message may go by a channel, so that all sends together keep to the pace that is set."""

    channel = models.CharField(max_length=10, primary_key=True, choices=Channel)
    free_at = models.DateTimeField()

    class Meta:
        db_table = "message_pace"

    def __str__(self) -> str:
        return f"{self.channel} from {self.free_at}"


class MessageTemplate(models.Model):
    """Texts to begin a message with. ``stock`` is the key of one that came with the program, and can be put back."""

    channel = models.CharField(max_length=10, choices=Channel)
    name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=300, unique=True)
    subject = models.CharField(max_length=MAX_SUBJECT, default="")
    text = models.TextField(default="")
    html = models.TextField(default="")
    stock = models.CharField(max_length=40, default="")
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "message_template"
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_template_channel"),
            models.UniqueConstraint("stock", condition=~Q(stock=""), name="message_template_stock"),
        ]

    def __str__(self) -> str:
        return self.name
