"""SMS through Twilio's client, against a server that speaks its API."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from linecard.delivery.outcome import Accepted, Away, Permanent, Refused, Temporary, Unknown
from linecard.delivery.twilio import SmsConnection, SmsGateway, signature_is_valid
from tests.peers.twilio import ACCOUNT, NUMBER, TOKEN, TwilioPeer, signature, twilio_server

TO = "+4915123456789"


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with twilio_server() as running:
        yield running


def connection(peer: TwilioPeer, **more: Any) -> SmsConnection:
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "from_number": NUMBER, "timeout": 5.0, **more}
    return SmsConnection(SmsGateway(api_base_url=peer.url, **given))


def test_an_sms_is_taken_with_its_reference(peer: TwilioPeer) -> None:
    sent = connection(peer).hand_over(
        recipient=TO, text="Grüße € 😀 & more=1", status_callback="https://us.example/hook"
    )
    assert sent == Accepted(reference="SM" + "0" * 32)
    assert peer.received == [
        {
            "To": TO,
            "From": NUMBER,
            "Body": "Grüße € 😀 & more=1",
            "StatusCallback": "https://us.example/hook",
            "sid": "SM" + "0" * 32,
        }
    ]


def test_a_messaging_service_chooses_the_number(peer: TwilioPeer) -> None:
    connection(peer, messaging_service_sid="MG1").hand_over(recipient=TO, text="Hello")
    assert (peer.received[0]["MessagingServiceSid"], "From" in peer.received[0]) == ("MG1", False)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((400, 21211, "Invalid 'To' Phone Number"), Permanent("21211: Invalid 'To' Phone Number")),
        ((400, 21610, "Unsubscribed recipient"), Permanent("21610: Unsubscribed recipient")),
        ((429, 20429, "Too Many Requests"), Temporary("20429: Too Many Requests")),
        ((503, 20503, "Service unavailable"), Temporary("20503: Service unavailable")),
        ((500, 20500, "Internal server error"), Unknown("20500: Internal server error")),
        ((403, 20005, "Account not active"), Refused("20005: Account not active")),
        ((302, 0, "Moved"), Refused("302: Moved")),
    ],
)
def test_what_the_service_says_decides(peer: TwilioPeer, answer: Any, outcome: Any) -> None:
    peer.answers[TO] = answer
    assert connection(peer).hand_over(recipient=TO, text="Hello") == outcome


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        "null",
        '"x"',
        "<html>",
        '{"sid": 5}',
        '{"sid": "a\\u0000"}',
        f'{{"sid": "{"S" * 300}"}}',
    ],
)
def test_an_answer_that_is_not_the_service_s_leaves_it_unknown(peer: TwilioPeer, body: str) -> None:
    peer.bodies[TO] = body
    told = connection(peer).hand_over(recipient=TO, text="Hello")
    assert told == Unknown("The SMS service’s answer cannot be read.")


def test_a_wrong_token_is_refused_and_told_to_nobody(
    peer: TwilioPeer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        line = connection(peer, auth_token="not the token")
        outcome = line.hand_over(recipient=TO, text="A text for one person")
    assert outcome == Refused("20003: Authenticate")
    assert line.check() == Refused("20003: Authenticate")
    assert "not the token" not in caplog.text + repr(line._gateway)
    assert "A text for one person" not in caplog.text


def test_a_check_sends_nothing(peer: TwilioPeer) -> None:
    assert connection(peer).check() == Accepted(words="Carrier: active")
    assert peer.received == []


def test_nobody_there_means_that_nothing_was_sent() -> None:
    with twilio_server() as gone:
        pass
    assert connection(gone).hand_over(recipient=TO, text="Hello") == Away(
        "The SMS service cannot be reached: Connection refused"
    )


def test_a_line_lost_after_the_request_leaves_it_unknown(peer: TwilioPeer) -> None:
    peer.cut.add(TO)
    lost = connection(peer).hand_over(recipient=TO, text="Hello")
    assert isinstance(lost, Unknown)
    assert "was lost" in lost.words


def test_no_answer_in_time_leaves_it_unknown(peer: TwilioPeer) -> None:
    peer.silent.add(TO)
    slow = connection(peer, timeout=0.2).hand_over(recipient=TO, text="Hello")
    assert slow == Unknown("The SMS service was lost: it did not answer in time.")


def test_a_signature_is_of_its_address_parameters_and_token() -> None:
    url, given = "https://us.example/hook?x=1", {"MessageSid": "SM1", "MessageStatus": "delivered"}
    good = signature(url, given)
    assert signature_is_valid(TOKEN, url, given, good)
    assert not signature_is_valid(TOKEN, url + "2", given, good)
    assert not signature_is_valid(TOKEN, url, {**given, "MessageStatus": "failed"}, good)
    assert not signature_is_valid("another", url, given, good)
    assert not signature_is_valid(TOKEN, url, given, "")
    assert not signature_is_valid("", url, given, signature(url, given, ""))
