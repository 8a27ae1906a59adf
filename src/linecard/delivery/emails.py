"""An email as it goes over the wire: one recipient, and nothing in a header that could begin another."""

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid
from typing import Any
from unicodedata import category

import idna

from linecard.kernel.clock import now
from linecard.kernel.errors import FieldError, Invalid

ENCODED = "=?"  # begins a word that readers decode, whatever is in it (RFC 2047)


class _AsWritten(EmailPolicy):
    """Keeps headers as they are to go out. The library's own way reads them first, and decodes what is in them."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode()


# seven bits: a server need not take more
_POLICY = _AsWritten(linesep="\r\n", cte_type="7bit")


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

    Its bytes are ASCII, but for letters beyond it before an address's ``@``. Raises ``Invalid`` for a header with a
    line break or another control character in it, and for what is no address.
    """
    _require_plain(
        sender=sender, sender_name=sender_name, recipient=recipient, subject=subject, reply_to=reply_to
    )
    message = EmailMessage(policy=_POLICY)
    from_address = _address("sender", sender)
    message["From"] = f"{_words('From', sender_name)} <{from_address}>" if sender_name else from_address
    message["To"] = _address("recipient", recipient)
    if reply_to:
        message["Reply-To"] = _address("reply_to", reply_to)
    message["Subject"] = _words("Subject", subject)
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


def _address(field: str, address: str) -> str:
    local, at, domain = wire_address(address).rpartition("@")
    if not (local and at and domain) or ENCODED in address or set(address) & _APART:
        raise Invalid([FieldError(field, f"{address!r} is not an email address.")])
    return local + at + domain


def _words(name: str, text: str) -> str:
    """Text as a header's value, on lines of bounded length. A name of somebody is quoted, or encoded."""
    is_plain = text.isascii() and ENCODED not in text
    if not is_plain:
        return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")
    if name == "Subject":
        return Header(text, "us-ascii", header_name=name).encode(linesep="\r\n")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _ascii(domain: str) -> str:
    return domain if domain.isascii() else "localhost"


def _require_plain(**headers: str) -> None:
    wrong = [name for name, value in headers.items() if any(category(sign) in _NOT_PLAIN for sign in value)]
    if wrong:
        raise Invalid(
            FieldError(name, "Must not have line breaks or control characters in it.") for name in wrong
        )


_NOT_PLAIN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_APART = frozenset(" ,;<>()")  # what would end an address in a header
