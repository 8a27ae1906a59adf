"""Handing emails to a real mail server: with TLS, with a password, and when it does what servers do."""

import socket
import threading
from asyncio import Transport
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from linecard.delivery.emails import compose
from linecard.delivery.outcome import Accepted, Away, Permanent, Refused, Temporary, Unknown
from linecard.delivery.smtp import MailConnection, MailServer
from linecard.kernel.errors import Invalid
from tests.peers.smtp import HOST, PASSWORD, USER, SmtpPeer, certificate, smtp_server

SENDER = "voice@carrier.example"


def email(recipient: str = "ann@azure.example", **parts: Any) -> Any:
    return compose(**{"sender": SENDER, "recipient": recipient, "subject": "News", "text": "Hello"} | parts)


def hand_over(server: MailServer, recipient: str = "ann@azure.example", **parts: Any) -> Any:
    with MailConnection(server) as connection:
        return connection.hand_over(email(recipient, **parts), sender=SENDER, recipient=recipient)


def at(peer: SmtpPeer, **options: Any) -> MailServer:
    given: dict[str, Any] = {"host": HOST, "port": peer.port, "security": "none", "timeout": 5.0}
    return MailServer(**given | options)


def cut(server: SMTP) -> None:
    """Break the line without a word."""
    assert isinstance(server.transport, Transport)
    server.transport.abort()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_message_arrives_at_its_one_recipient(security: Any, tmp_path: Path) -> None:
    with smtp_server(tls=security, folder=tmp_path) as peer:
        trusted = certificate(tmp_path).read_text() if security != "none" else None
        outcome = hand_over(
            at(peer, security=security, trusted=trusted), html="<p>Hello</p>", reply_to="r@c.example"
        )
    assert outcome == Accepted(words="taken as A1")
    (received,) = peer.received
    assert (received.sender, received.recipients) == (SENDER, ["ann@azure.example"])
    assert received.message["To"] == "ann@azure.example"
    assert received.message["Reply-To"] == "r@c.example"
    text, html = received.message.iter_parts()
    assert (text.get_content(), html.get_content()) == ("Hello\r\n", "<p>Hello</p>\r\n")


def test_many_messages_take_one_connection() -> None:
    with smtp_server() as peer, MailConnection(at(peer)) as connection:
        for number in range(20):
            recipient = f"{number}@azure.example"
            outcome = connection.hand_over(email(recipient), sender=SENDER, recipient=recipient)
            assert isinstance(outcome, Accepted)
        assert [one.recipients for one in peer.received] == [
            [f"{number}@azure.example"] for number in range(20)
        ]
    assert peer.connections == 1


def test_what_a_server_refuses_is_told_in_its_own_words() -> None:
    with smtp_server() as peer, MailConnection(at(peer)) as connection:
        peer.answers = {
            "gone@azure.example": "550 5.1.1 No such user",
            "full@azure.example": "452 4.2.2 Mailbox full",
        }
        peer.answers_to_data = {
            "spam@azure.example": "554 5.7.1 Spam",
            "later@azure.example": "451 4.7.1 Greylisted",
        }
        seen = {
            name: connection.hand_over(
                email(f"{name}@azure.example"), sender=SENDER, recipient=f"{name}@azure.example"
            )
            for name in ("gone", "full", "spam", "later", "ann")
        }
    assert seen == {
        "gone": Permanent("550 5.1.1 No such user"),
        "full": Temporary("452 4.2.2 Mailbox full"),
        "spam": Permanent("554 5.7.1 Spam"),
        "later": Temporary("451 4.7.1 Greylisted"),
        "ann": Accepted(words="taken as A1"),
    }
    assert [one.recipients for one in peer.received] == [["ann@azure.example"]]
    assert peer.connections == 1


def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    with smtp_server(tls="starttls", asks_password=True, folder=tmp_path) as peer:
        server = at(
            peer,
            security="starttls",
            trusted=certificate(tmp_path).read_text(),
            username=USER,
            password="wrong one",
        )
        refused = hand_over(server)
        right = at(peer, security="starttls", trusted=server.trusted, username=USER, password=PASSWORD)
        assert isinstance(hand_over(right), Accepted)
    assert isinstance(refused, Refused)
    assert "does not take the user and password: 535" in refused.words
    assert "wrong one" not in refused.words + repr(server)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with smtp_server(tls="tls", folder=tmp_path) as peer:
        refused = hand_over(at(peer, security="tls"))
        assert peer.received == []
    assert isinstance(refused, Refused)
    assert "is not trusted: self-signed certificate" in refused.words


def test_no_password_goes_to_a_server_without_tls_when_tls_was_asked_for() -> None:
    with smtp_server() as peer:
        refused = hand_over(at(peer, security="starttls", username=USER, password=PASSWORD))
    assert isinstance(refused, Refused)
    assert "STARTTLS" in refused.words


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with socket.create_server((HOST, 0)) as closed:
        port = closed.getsockname()[1]
    outcome = hand_over(MailServer(HOST, port, "none"))
    assert outcome == Away(f"{HOST}:{port} cannot be reached: Connection refused")


def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    with socket.create_server((HOST, 0)) as mute:
        port = mute.getsockname()[1]
        outcome = hand_over(MailServer(HOST, port, "none", timeout=0.2))
    assert outcome == Away(f"{HOST}:{port} cannot be reached: it did not answer in time.")


def test_a_line_that_breaks_after_the_message_leaves_it_unknown() -> None:
    with smtp_server() as peer, MailConnection(at(peer)) as connection:
        peer.after_data = cut
        lost = connection.hand_over(email(), sender=SENDER, recipient="ann@azure.example")
        peer.after_data = lambda server: None
        again = connection.hand_over(email("ben@azure.example"), sender=SENDER, recipient="ben@azure.example")
    assert isinstance(lost, Unknown)
    assert isinstance(again, Accepted)
    assert peer.connections == 2


def test_a_connection_that_was_dropped_between_two_messages_is_made_anew() -> None:
    with smtp_server() as peer, MailConnection(at(peer)) as connection:
        assert isinstance(
            connection.hand_over(email(), sender=SENDER, recipient="ann@azure.example"), Accepted
        )
        peer.cut_all()
        assert isinstance(
            connection.hand_over(email(), sender=SENDER, recipient="ann@azure.example"), Accepted
        )
    assert (peer.connections, len(peer.received)) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("250 OK", Accepted),
        ("251 ok", Accepted),
        ("200 ok", Accepted),
        ("354 what", Unknown),
        ("OK taken", Unknown),
        ("451 later", Temporary),
        ("554 no", Permanent),
    ],
)
def test_what_is_said_to_the_data_decides_whether_it_may_go_again(answer: str, outcome: type) -> None:
    with smtp_server() as peer, MailConnection(at(peer)) as connection:
        handed_over: list[Any] = []
        peer.after_data = handed_over.append
        peer.answers_to_data = {"bea@blue.example": answer}
        for recipient in ("ann@azure.example", "bea@blue.example", "cy@crimson.example"):
            told = connection.hand_over(email(recipient), sender=SENDER, recipient=recipient)
            assert isinstance(told, outcome if recipient == "bea@blue.example" else Accepted), told
        assert len(handed_over) == 3


def test_a_server_that_closes_is_away_for_every_message() -> None:
    with smtp_server() as peer:
        peer.answers = {"ann@azure.example": "421 4.3.2 closing"}
        assert isinstance(hand_over(at(peer)), Away)


def test_a_server_that_talks_without_end_is_away_in_good_time() -> None:
    def talk(server: socket.socket) -> None:
        line, _ = server.accept()
        with line, suppress(OSError):
            while True:
                line.sendall(b"220-still greeting\r\n")
                ended.wait(0.01)

    ended = threading.Event()
    with socket.create_server((HOST, 0)) as server:
        speaking = threading.Thread(target=talk, args=(server,), daemon=True)
        speaking.start()
        given = MailServer(host=HOST, port=server.getsockname()[1], security="none", timeout=0.3)
        told = hand_over(given)
    assert isinstance(told, Away)
    assert "did not answer in time" in told.words
    speaking.join(10)
    assert not speaking.is_alive()


@pytest.mark.parametrize("wrong", [{"host": "mail..example.com"}, {"host": "x" * 70}])
def test_a_name_that_no_server_can_have_is_refused(wrong: dict[str, str]) -> None:
    server = MailServer(**{"host": HOST, "port": 25, "security": "none"} | wrong)  # type: ignore[arg-type]
    assert isinstance(hand_over(server), Refused)


def test_a_password_that_the_protocol_cannot_carry_is_refused(tmp_path: Path) -> None:
    with smtp_server(tls="starttls", asks_password=True, folder=tmp_path) as peer:
        trusted = certificate(tmp_path).read_text()
        server = at(peer, security="starttls", trusted=trusted, username=USER, password="pässword")
        assert isinstance(hand_over(server), Refused)


def test_addresses_of_every_script_arrive() -> None:
    with smtp_server() as peer:
        assert isinstance(hand_over(at(peer), "аня@пример.рф", subject="Grüße"), Accepted)
    (received,) = peer.received
    assert received.recipients == ["аня@xn--e1afmkfd.xn--p1ai"]
    assert (received.message["To"], received.message["Subject"]) == ("аня@xn--e1afmkfd.xn--p1ai", "Grüße")


def test_a_domain_of_any_script_needs_no_server_that_takes_it() -> None:
    with smtp_server(unicode=False) as peer:
        taken = hand_over(at(peer), "ann@straße.example", reply_to="help@пример.рф", sender_name="Straße")
    assert isinstance(taken, Accepted)
    (received,) = peer.received
    assert received.recipients == ["ann@xn--strae-oqa.example"]
    assert received.message["To"] == "ann@xn--strae-oqa.example"
    assert received.message["Reply-To"] == "help@xn--e1afmkfd.xn--p1ai"
    assert received.data.isascii()


def test_addresses_of_other_scripts_need_a_server_that_takes_them() -> None:
    with smtp_server(unicode=False) as peer:
        for given in ({"recipient": "аня@пример.рф"}, {"reply_to": "аня@azure.example"}):
            refused = hand_over(at(peer), **given)
            assert isinstance(refused, Permanent)
            assert "SMTPUTF8" in refused.words
    assert peer.received == []


def test_five_megabytes_arrive_whole() -> None:
    text = "Ein Satz mit Umlaut: für.\n" * 200_000
    with smtp_server() as peer:
        assert isinstance(hand_over(at(peer), text=text), Accepted)
    (received,) = peer.received
    assert received.message.get_content().replace("\r\n", "\n") == text


@pytest.mark.parametrize("part", ["subject", "recipient", "reply_to", "sender", "sender_name"])
@pytest.mark.parametrize(
    "evil", ["x@y.example\r\nBcc: all@z.example", "x@y.example\nA", "a\x00@y.example", "a\u2028@y.example"]
)
def test_nothing_breaks_out_of_a_header(part: str, evil: str) -> None:
    given = {"recipient": "ann@azure.example"} | {part: evil}
    with pytest.raises(Invalid) as refusal:
        email(**given)
    assert [error.field for error in refusal.value.errors] == [part]
