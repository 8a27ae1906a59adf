"""Reading sends and messages: always through what the user may see."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_noop

from linecard.accounts.models import User
from linecard.accounts.permissions import may, require
from linecard.accounts.scope import in_scope
from linecard.messaging.models import Message, MessageTemplate, Send
from linecard.web.database import the_one

LONG = ("text", "html")  # of a send: read where they are shown, not with each row of a list


def visible_sends(user: User) -> QuerySet[Send]:
    """The sends that the user may know of, newest first. Raises ``Forbidden``."""
    require(user, "messages", "read")
    sends = Send.objects.select_related("made_by").defer(*LONG)
    return in_scope(sends, user).order_by("-id")


def get_send(user: User, send_id: int) -> Send:
    """One send. Raises ``NotFound``, also for one of another reseller."""
    return the_one(visible_sends(user).filter(pk=send_id), gettext_noop("send"))


def lock_send(user: User, send_id: int) -> Send:
    """One send, locked until the transaction ends. Raises ``NotFound``."""
    return the_one(
        visible_sends(user).select_for_update(of=("self",)).filter(pk=send_id), gettext_noop("send")
    )


def visible_messages(user: User) -> QuerySet[Message]:
    """The messages to customers that the user may see now. Raises ``Forbidden``."""
    require(user, "messages", "read")
    messages = Message.objects.select_related("customer", "send").defer(*(f"send__{part}" for part in LONG))
    return in_scope(messages, user, "customer__reseller_id")


def get_message(user: User, message_id: int) -> Message:
    """One message. Raises ``NotFound``, also for one to a customer of another reseller."""
    return the_one(visible_messages(user).filter(pk=message_id), gettext_noop("message"))


def messages_of(send: Send, user: User) -> QuerySet[Message]:
    """A send's messages to customers that the user may see now, in the order of the send."""
    return visible_messages(user).filter(send=send).order_by("id")


def counted(send: Send, user: User) -> dict[str, int]:
    """How many of a send's messages are in which state."""
    rows = messages_of(send, user).order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def log_of(channel: str, user: User) -> QuerySet[Message]:
    """The messages of a channel to customers that the user may see. Raises ``Forbidden``."""
    return visible_messages(user).filter(send__channel=channel)


def visible_templates(user: User) -> QuerySet[MessageTemplate]:
    """The templates, for who may read messages or settings. Raises ``Forbidden``."""
    if not may(user, "settings", "read"):
        require(user, "messages", "read")
    return MessageTemplate.objects.order_by("channel", "name_key")


def get_template(user: User, template_id: int) -> MessageTemplate:
    """One template. Raises ``NotFound``."""
    return the_one(visible_templates(user).filter(pk=template_id), gettext_noop("template"))


def lock_template(user: User, template_id: int) -> MessageTemplate:
    """One template, locked until the transaction ends. Raises ``NotFound``."""
    return the_one(
        visible_templates(user).select_for_update().filter(pk=template_id), gettext_noop("template")
    )
