"""The outgoing email as it is set up."""

from dataclasses import dataclass

from django.utils.translation import gettext

from linecard.delivery.smtp import TIMEOUT_SECONDS, MailServer
from linecard.setup.queries import CurrentSettings


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom emails come from, and where answers go; ``reply_to`` is empty for the address itself."""

    address: str
    name: str
    reply_to: str


def mail_problem(settings: CurrentSettings) -> str:
    """What is missing before an email can be sent, as a sentence; empty when nothing is."""
    if not settings["email.host"]:
        return gettext("No mail server is set. An administrator sets one in Setup › Settings.")
    if not settings["email.from_address"]:
        return gettext("No From address is set. An administrator sets one in Setup › Settings.")
    return ""


def mail_server(settings: CurrentSettings, *, timeout: float = TIMEOUT_SECONDS) -> MailServer:
    """The mail server, waited for so many seconds at each step. Raises ``Conflict`` when its password is unreadable."""
    return MailServer(
        host=settings["email.host"],
        port=settings["email.port"],
        security=settings["email.security"],
        username=settings["email.username"],
        password=settings.secret("email.password"),
        trusted=settings["email.trusted_certificates"],
        timeout=timeout,
    )


def sender(settings: CurrentSettings) -> Sender:
    """Whom emails come from."""
    return Sender(settings["email.from_address"], settings["email.from_name"], settings["email.reply_to"])
