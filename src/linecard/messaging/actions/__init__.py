"""What people may do with messages and their templates."""

from linecard.messaging.actions.sending import (
    SEND_TASK,
    Written,
    begin_send,
    pick_up_sends,
    retry_message,
    retry_messages,
    schedule_send,
    stop_send,
)
from linecard.messaging.actions.templates import (
    change_template,
    create_template,
    delete_template,
    reset_template,
)

__all__ = [
    "SEND_TASK",
    "Written",
    "begin_send",
    "change_template",
    "create_template",
    "delete_template",
    "pick_up_sends",
    "reset_template",
    "retry_message",
    "retry_messages",
    "schedule_send",
    "stop_send",
]
