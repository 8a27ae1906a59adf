"""Handing emails to a mail server, many over one connection."""

import io
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Literal, Self

from linecard.delivery.emails import wire_address
from linecard.delivery.outcome import (
    Accepted,
    Away,
    Outcome,
    Permanent,
    Refused,
    Temporary,
    Unknown,
    readable,
)

Security = Literal["none", "starttls", "tls"]

TIMEOUT_SECONDS = 30.0
_FIRST_PERMANENT = 500
_TAKEN, _DECLINED = 2, (4, 5)  # the first digit of an answer
_CLOSING = 421


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where emails are handed over. ``trusted`` are further certificates (PEM), beside those of the system."""

    host: str
    port: int
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT_SECONDS
    trusted: str = ""


class _NotLetIn(Exception):
    """Connecting ended with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.words)
        self.outcome = outcome


class MailConnection:
    """One connection, made when it is first needed and again when the server has dropped it."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take leave of the server. It may be used again afterwards."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def check(self) -> Outcome:
        """Connect and sign in, and hand nothing over."""
        try:
            self._connected()
        except _NotLetIn as refusal:
            return refusal.outcome
        return Accepted()

    def hand_over(self, message: EmailMessage, *, sender: str, recipient: str) -> Outcome:
        """Hand one message over, to one recipient. What the server or the line does is told, never raised."""
        was_open = self._smtp is not None
        sender, recipient = wire_address(sender), wire_address(recipient)
        data = message.as_bytes()
        outcome = self._hand_over(data, sender, recipient)
        if was_open and self._smtp is None and isinstance(outcome, Temporary | Away):
            # servers drop a connection that was idle, or served long enough; nothing was handed over
            return self._hand_over(data, sender, recipient)
        return outcome

    def _hand_over(self, data: bytes, sender: str, recipient: str) -> Outcome:
        try:
            smtp = self._connected()
        except _NotLetIn as refusal:
            return refusal.outcome
        if data.isascii() and (sender + recipient).isascii():
            return self._transact(smtp, data, sender, recipient, [])
        if not smtp.has_extn("smtputf8"):
            return Permanent("The mail server takes no addresses with letters beyond ASCII (SMTPUTF8).")
        return self._transact(smtp, data, sender, recipient, ["SMTPUTF8", "BODY=8BITMIME"])

    def _transact(
        self, smtp: smtplib.SMTP, data: bytes, sender: str, recipient: str, options: list[str]
    ) -> Outcome:
        is_handing = False
        try:
            for code, words in self._envelope(smtp, sender, recipient, options):
                if code // 100 != _TAKEN:
                    return self._declined(smtp, code, words)
            is_handing = True
            code, words = smtp.data(data)
        except smtplib.SMTPDataError as error:  # the server wants no data: nothing was handed over
            return self._declined(smtp, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            told = readable(f"The mail server was lost: {_told(error)}")
            return Unknown(told) if is_handing else Temporary(told)
        if code // 100 == _TAKEN:
            return Accepted(words=readable(words))
        if code // 100 in _DECLINED:
            return self._declined(smtp, code, words)
        self._drop()  # it has the message, and what it says of it cannot be understood
        return Unknown(readable(b"The mail server's answer cannot be understood: " + words))

    def _envelope(
        self, smtp: smtplib.SMTP, sender: str, recipient: str, options: list[str]
    ) -> Iterator[tuple[int, bytes]]:
        smtp.command_encoding = "utf-8" if options else "ascii"
        yield smtp.mail(sender, options)
        yield smtp.rcpt(recipient)

    def _declined(self, smtp: smtplib.SMTP, code: int, words: bytes | str) -> Outcome:
        with suppress(OSError, smtplib.SMTPException):
            smtp.rset()
        told = readable(words if isinstance(words, str) else b"%d %s" % (code, words))
        if code == _CLOSING:
            self._drop()
            return Away(told)
        if code < 0 or smtp.sock is None:
            self._drop()
            return Temporary(told or "The mail server was lost.")
        return Permanent(told) if code >= _FIRST_PERMANENT else Temporary(told)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = _connect(self._server)
        return self._smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


class _Heard(io.RawIOBase):
    """What a server says, for as long as it may talk: many short waits must not become a long one."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._until = line, 0.0

    def wait(self, seconds: float) -> None:
        """Let the next answer take so long, as a whole."""
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        waits = self._line.gettimeout()
        self._line.settimeout(left)
        try:
            return self._line.recv_into(buffer)
        finally:
            self._line.settimeout(waits)


class _Bounded:
    """Hears each answer of a server to its end within the time that is set for it."""

    def getreply(self) -> tuple[int, bytes]:
        smtp: Any = self
        if smtp.file is None and smtp.sock is not None:
            smtp.file = io.BufferedReader(_Heard(smtp.sock))
        if smtp.file is not None:
            smtp.file.raw.wait(smtp.timeout)
        code, words = super().getreply()  # type: ignore[misc]
        return code, words


class _Plain(_Bounded, smtplib.SMTP):
    pass


class _Tls(_Bounded, smtplib.SMTP_SSL):
    pass


def _connect(server: MailServer) -> smtplib.SMTP:
    with _refusals(server):
        smtp = _open(server)
        try:
            if server.security == "starttls":
                smtp.starttls(context=_trust(server))
            smtp.ehlo()
            if server.username:
                smtp.login(server.username, server.password)
        except BaseException:
            smtp.close()
            raise
    return smtp


def _open(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        return _Tls(server.host, server.port, timeout=server.timeout, context=_trust(server))
    return _Plain(server.host, server.port, timeout=server.timeout)


def _trust(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.trusted:
        context.load_verify_locations(cadata=_ascii(server.trusted))
    return context


def require_certificates(pem: str) -> None:
    """Raise ``ValueError``, with the reason, for text that is not certificates in PEM."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=_ascii(pem))
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(readable(str(error))) from error


def _ascii(pem: str) -> str:
    """Certificates are ASCII; the remarks that bundles have between them need not be."""
    return pem.encode("ascii", "replace").decode("ascii")


@contextmanager
def _refusals(server: MailServer) -> Iterator[None]:
    """Tell in plain words why the server could not be reached or did not let us in."""
    where = f"{server.host}:{server.port}"
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        words = f"{where} does not take the user and password: {error.smtp_code} {readable(error.smtp_error)}"
        outcome: Outcome = Refused(words) if error.smtp_code >= _FIRST_PERMANENT else Away(words)
        raise _NotLetIn(outcome) from error
    except smtplib.SMTPNotSupportedError as error:
        raise _NotLetIn(Refused(f"{where} cannot do what is asked of it: {readable(str(error))}")) from error
    except ssl.SSLCertVerificationError as error:
        raise _NotLetIn(
            Refused(f"The certificate of {where} is not trusted: {error.verify_message}.")
        ) from error
    except ValueError as error:  # a name or a password that the protocol cannot carry
        raise _NotLetIn(
            Refused(f"{where} cannot be used with these settings: {readable(str(error))}")
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _NotLetIn(Away(f"{where} cannot be reached: {readable(_told(error))}")) from error


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {readable(error.smtp_error)}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "it did not answer in time."
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
