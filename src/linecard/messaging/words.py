"""The fixed words of messages: channels, and how far a send and each of its messages has come."""

from django.db import models
from django.utils.translation import gettext_noop


class Channel(models.TextChoices):
    """By which way a message goes."""

    EMAIL = "email", gettext_noop("Email")
    SMS = "sms", gettext_noop("SMS")


class SendState(models.TextChoices):
    """How far a send has come."""

    QUEUED = "queued", gettext_noop("Queued")
    RUNNING = "running", gettext_noop("Running")
    DONE = "done", gettext_noop("Done")
    FAILED = "failed", gettext_noop("Failed")
    STOPPED = "stopped", gettext_noop("Stopped")


class MessageState(models.TextChoices):
    """What became of one message.

    ``sending`` is written before it is handed over: whoever finds it there later cannot know whether it arrived, so it
    becomes ``unknown`` and is never handed over again by itself.
    """

    QUEUED = "queued", gettext_noop("Queued")
    SENDING = "sending", gettext_noop("Sending")
    SENT = "sent", gettext_noop("Sent")
    DELIVERED = "delivered", gettext_noop("Delivered")
    FAILED = "failed", gettext_noop("Failed")
    UNKNOWN = "unknown", gettext_noop("Unknown")
    UNREACHABLE = "unreachable", gettext_noop("Unreachable")
    STOPPED = "stopped", gettext_noop("Stopped")


SEND_GOING = (SendState.QUEUED, SendState.RUNNING)
MAY_RETRY = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.STOPPED)
