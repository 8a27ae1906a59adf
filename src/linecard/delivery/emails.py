"""An email as it goes over the wire: one recipient, and nothing in a header that could begin another."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from unicodedata import category

import idna

from linecard.kernel.clock import now
from linecard.kernel.errors import FieldError, Invalid


def compose(
    *,
    sender: str,
    sender_name: str = "",
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    reply_to: str = "",
) -> EmailMessage:
    """A message to one recipient. ``html`` is the other form of ``text``, for readers that show it.

    Raises ``Invalid`` for a header with a line break or another control character in it, and for what is no address.
    """
    _require_plain(
        sender=sender, sender_name=sender_name, recipient=recipient, subject=subject, reply_to=reply_to
    )
    message = EmailMessage(policy=SMTP)
    message["From"] = _address("sender", sender, sender_name)
    message["To"] = _address("recipient", recipient)
    if reply_to:
        message["Reply-To"] = _address("reply_to", reply_to)
    message["Subject"] = subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=_ascii(wire_address(sender).rpartition("@")[2]))
    message["Auto-Submitted"] = "auto-generated"  # no machine shall answer with a note of absence (RFC 3834)
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def wire_address(address: str) -> str:
    """An address with its domain as mail servers look it up (IDNA 2008), so that any server takes it.

    What is no domain stays as it is. Letters beyond ASCII before the ``@`` have no such spelling.
    """
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + at + idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return address


def _address(field: str, address: str, name: str = "") -> Address:
    local, at, domain = wire_address(address).rpartition("@")
    if not (local and at and domain):
        raise Invalid([FieldError(field, f"{address!r} is not an email address.")])
    return Address(name, local, domain)


def _ascii(domain: str) -> str:
    return domain if domain.isascii() else "localhost"


def _require_plain(**headers: str) -> None:
    wrong = [name for name, value in headers.items() if any(category(sign) in _NOT_PLAIN for sign in value)]
    if wrong:
        raise Invalid(
            FieldError(name, "Must not have line breaks or control characters in it.") for name in wrong
        )


_NOT_PLAIN = frozenset({"Cc", "Cs", "Zl", "Zp"})
