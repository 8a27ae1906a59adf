"""Trying what is set: a message to oneself, handed over at once, and what the other side says to it."""

from django.utils.translation import gettext, gettext_noop

from linecard.accounts.actor import UserActor
from linecard.accounts.scope import require_staff
from linecard.audit.trail import record
from linecard.delivery.emails import compose
from linecard.delivery.outcome import Outcome, Refused
from linecard.delivery.smtp import MailConnection
from linecard.delivery.twilio import SmsConnection
from linecard.fields import EmailField, Field, PhoneField
from linecard.fields import Refused as NotValid
from linecard.kernel.errors import Invalid
from linecard.setup.actions import SUBJECT
from linecard.setup.email import mail_problem, mail_server, sender
from linecard.setup.queries import CurrentSettings, current_settings
from linecard.setup.sms import sms_gateway, sms_problem
from linecard.web.database import lend_connection
from linecard.web.idempotency import expect_pause

TEST_TIMEOUT_SECONDS = 15.0
LONGEST_TEST_SECONDS = 180  # a server may use up its time with each of its answers
_EMAIL = EmailField(name="to", label=gettext_noop("To"), required=True)
_MOBILE = PhoneField(name="to", label=gettext_noop("To"), required=True)


def send_test_email(to: str, *, by: UserActor) -> Outcome:
    """Send an email by the settings as they are saved. Raises ``Forbidden``, ``Invalid`` and ``Conflict``.

    What the server says is the outcome. It takes up to a few times 15 seconds where a server does not answer.
    """
    recipient, settings = _asked(_EMAIL, to, by)
    if problem := mail_problem(settings):
        return Refused(problem)
    us = sender(settings)
    message = compose(
        sender=us.address,
        sender_name=us.name,
        recipient=recipient,
        subject=gettext("Test email from Linecard"),
        text=gettext("This is a test. If you can read it, outgoing email works."),
        reply_to=us.reply_to,
    )
    expect_pause(LONGEST_TEST_SECONDS)
    lend_connection()
    with MailConnection(mail_server(settings, timeout=TEST_TIMEOUT_SECONDS)) as connection:
        outcome = connection.hand_over(message, sender=us.address, recipient=recipient)
    _record(by, "email_tested", recipient, outcome)
    return outcome


def send_test_sms(to: str, *, by: UserActor) -> Outcome:
    """Send an SMS by the settings as they are saved; as ``send_test_email``."""
    recipient, settings = _asked(_MOBILE, to, by)
    if problem := sms_problem(settings):
        return Refused(problem)
    expect_pause(LONGEST_TEST_SECONDS)
    lend_connection()
    connection = SmsConnection(sms_gateway(settings, timeout=TEST_TIMEOUT_SECONDS))
    try:
        outcome = connection.hand_over(recipient=recipient, text=gettext("Test SMS from Linecard."))
    finally:
        connection.close()
    _record(by, "sms_tested", recipient, outcome)
    return outcome


def _asked(field: Field, to: str, by: UserActor) -> tuple[str, CurrentSettings]:
    by.require("settings", "update")
    require_staff(by.user)
    try:
        return field.clean(to), current_settings()
    except NotValid as refusal:
        raise Invalid({"to": str(refusal)}) from refusal


def _record(by: UserActor, what: str, recipient: str, outcome: Outcome) -> None:
    note = f"{recipient}: {outcome.words or type(outcome).__name__.lower()}"
    record(by=by, action=f"settings.{what}", subject_type=SUBJECT, subject_id=1, note=note)
