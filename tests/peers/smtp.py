"""A real mail server on this machine, which can be told to misbehave."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from linecard.kernel.clock import now

HOST = "127.0.0.1"
USER, PASSWORD = "carrier", "s3cret of the mail"


@dataclass
class Received:
    """One message as it arrived."""

    sender: str
    recipients: list[str]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, read."""
        read = message_from_bytes(self.data, policy=default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class SmtpPeer:
    """A running server: what it took, and what it answers to whom. ``after_data`` is called when it has the data."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    answers_to_data: dict[str, str] = field(default_factory=dict)
    after_data: Callable[[SMTP], None] = lambda server: None

    _servers: list[Any] = field(default_factory=list)

    @property
    def connections(self) -> int:
        """How often somebody connected."""
        return len(self._servers)

    def cut_all(self) -> None:
        """Break every connection, as a server does that was idle for long."""
        for server in self._servers:
            server.loop.call_soon_threadsafe(server.transport.abort)

    async def handle_EHLO(  # noqa: N802  the server calls it so
        self, server: Any, session: Session, envelope: Envelope, name: str, answers: Any
    ) -> Any:
        session.host_name = name
        if server not in self._servers:
            self._servers.append(server)
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = list(envelope.rcpt_tos)
        content = envelope.content
        assert isinstance(content, bytes)
        self.after_data(server)
        answer = self.answers_to_data.get(recipients[0], "250 taken as A1")
        if answer.startswith("250"):
            self.received.append(Received(str(envelope.mail_from), recipients, content))
        return answer


class _Controller(Controller):
    def __init__(self, peer: SmtpPeer, **options: Any) -> None:
        super().__init__(peer, hostname=HOST, port=0, **options)

    def _trigger_server(self) -> None:
        # the port is known only now; aiosmtpd asks its own to see whether it runs
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _let_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == known, handled=False)


@contextmanager
def smtp_server(
    *, tls: str = "none", asks_password: bool = False, unicode: bool = True, folder: Path | None = None
) -> Iterator[SmtpPeer]:
    """Run a server: ``tls`` is ``none``, ``starttls`` or ``tls``; its certificate is then below ``folder``."""
    peer = SmtpPeer()
    options: dict[str, Any] = {"enable_SMTPUTF8": unicode}
    if tls != "none":
        assert folder is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        options["ssl_context" if tls == "tls" else "tls_context"] = context
        options["require_starttls"] = tls == "starttls"
    if asks_password:
        options |= {"authenticator": _let_in, "auth_required": True, "auth_require_tls": tls == "starttls"}
    controller = _Controller(peer, **options)
    controller.start()
    peer.port = controller.port
    try:
        yield peer
    finally:
        controller.stop()


def certificate(folder: Path) -> Path:
    """A file with a key and its certificate for this machine, which is its own authority."""
    path = folder / "mail.pem"
    if not path.exists():
        path.write_bytes(_key_and_certificate())
    return path


@cache
def _key_and_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)
