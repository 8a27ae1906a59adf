"""Handing a send over to a real mail server: each recipient alone, and what the server says decides."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers.models import Contact, Customer
from linecard.kernel.clock import now
from linecard.messaging.actions import Written, retry_messages, stop_send
from linecard.messaging.models import Message, Pace
from linecard.messaging.queries import visible_messages
from linecard.messaging.work import MAX_TRIES, SendWork
from linecard.setup.actions import change_settings
from linecard.web.long_work import work_a_stretch
from tests.conftest import MakeCustomer
from tests.messaging.steps import arrived, begun, go_on, hand_over, set_up_mail, states
from tests.peers.smtp import SmtpPeer, certificate, smtp_server

pytestmark = pytest.mark.django_db(transaction=True)


def test_amounts_are_written_as_the_installation_writes_numbers(
    by: UserActor, admin: User, peer: SmtpPeer, make_customer: MakeCustomer
) -> None:
    change_settings({"regional.numbers": "apostrophe_point"}, by=acting(admin, via="form"))
    card = make_customer("Azure Voice", debit_limit="1234.50")
    Contact.objects.create(customer=card, name="Ann", email="ann@azure.example")
    written = Written(channel="email", subject="Limit", text="Up to {{ customer.debit_limit }}.")
    work = SendWork(begun(by, written=written).pk)
    assert work_a_stretch(work, attempts=0) is False
    work.close()

    (received,) = peer.received
    assert "Up to 1'234.50 EUR." in received.message.get_content()


def test_each_recipient_gets_a_message_of_their_own(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    hand_over(send)

    assert (send.state, send.ended, send.recipients, send.progress) == ("done", 6, 6, 100)
    assert arrived(peer) == [f"{number}@{letter}.example" for number in (1, 2) for letter in "abc"]
    for received in peer.received:
        (address,) = received.recipients
        message = received.message
        assert str(message["To"]) == address
        assert (message["Cc"], message["Bcc"]) == (None, None)
        assert not any(other.encode() in received.data for other in arrived(peer) if other != address)
        assert str(message["From"]) == '"Carrier, the" <noc@carrier.example>'
    first = next(received.message for received in peer.received if received.recipients == ["1@a.example"])
    assert str(first["Subject"]) == "News for Card A"
    text, html = first.get_body(("plain",)), first.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Dear Person 1 <Card A>, your balance is 0.00 EUR."
    assert "<b>Person 1 &lt;Card A&gt;</b>" in html.get_content()
    assert len(peer._servers) == 1


@pytest.mark.parametrize(("text", "most"), [("Dear {{ contact.name }}", 5), ("{{ customer.balance }}", 6)])
def test_a_message_waits_for_few_statements_and_reads_no_long_text_again(
    by: UserActor, peer: SmtpPeer, cards: list[Customer], text: str, most: int
) -> None:
    send = begun(by, written=Written(channel="email", subject="News", text=text))
    work = SendWork(send.pk)
    work.advance()
    with CaptureQueriesContext(connection) as captured:
        work.advance()
    work.close()
    asked = [query["sql"] for query in captured if query["sql"].split()[0] in ("SELECT", "UPDATE", "INSERT")]
    assert len(asked) == most, asked
    assert not any("html" in sql for sql in asked)


def test_a_later_one_waits_for_its_time(by: UserActor, peer: SmtpPeer, cards: list[Customer]) -> None:
    send = begun(by, at=now() + timedelta(hours=1))
    work = hand_over(send)

    assert (send.state, peer.received) == ("queued", [])
    assert work.go_on_at == send.send_at


def test_what_the_server_says_decides(by: UserActor, peer: SmtpPeer, cards: list[Customer]) -> None:
    peer.answers = {"1@a.example": "550 5.1.1 No such user", "2@a.example": "451 4.7.1 Greylisted"}
    send = begun(by)
    work = hand_over(send)

    told = dict(send.messages.exclude(state="sent").values_list("address", "words"))
    assert told == {"1@a.example": "550 5.1.1 No such user", "2@a.example": "451 4.7.1 Greylisted"}
    assert states(send) == {"sent": 4, "failed": 1, "queued": 1}
    later = send.messages.get(address="2@a.example")
    assert timedelta(seconds=50) < later.due_at - now() <= timedelta(minutes=1)
    assert (send.state, work.go_on_at) == ("running", later.due_at)

    for _ in range(MAX_TRIES - 1):
        send.messages.filter(state="queued").update(due_at=now())
        hand_over(send)
    assert (send.state, states(send)) == ("done", {"sent": 4, "failed": 2})
    assert len(peer.received) == 4

    peer.answers = {}
    assert retry_messages(visible_messages(by.user), send_id=send.pk, by=by) == 2
    hand_over(send)
    assert (send.state, send.ended, states(send)) == ("done", 6, {"sent": 6})
    assert len(set(arrived(peer))) == len(peer.received) == 6


def test_a_line_lost_while_the_server_answers_leaves_it_unknown(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    lost: list[Any] = []

    def cut(server: Any) -> None:
        if not lost:
            lost.append(server)
            server.transport.abort()

    peer.after_data = cut
    send = begun(by)
    hand_over(send)

    assert (send.state, states(send)) == ("done", {"unknown": 1, "sent": 5})
    assert "lost" in send.messages.get(state="unknown").words


def test_a_server_that_is_away_makes_all_wait_and_then_fail(
    by: UserActor, admin: User, cards: list[Customer]
) -> None:
    with smtp_server() as gone:
        set_up_mail(admin, gone.port)
    send = begun(by)
    work = hand_over(send)

    assert (send.state, send.waits, states(send)) == ("running", 1, {"queued": 6})
    assert "cannot be reached" in send.problem
    assert work.go_on_at is not None
    assert work.go_on_at > now() + timedelta(seconds=50)
    for _ in range(MAX_TRIES - 1):
        send.messages.update(due_at=now())
        hand_over(send)
    assert (send.state, send.ended, states(send)) == ("failed", 6, {"stopped": 6})
    assert "cannot be reached" in send.problem

    with smtp_server() as back:
        set_up_mail(admin, back.port)
        retry_messages(visible_messages(by.user), send_id=send.pk, by=by)
        hand_over(send)
        assert (send.state, send.problem, send.waits, len(back.received)) == ("done", "", 0, 6)


def test_a_wrong_password_ends_the_send_at_once(
    by: UserActor, admin: User, cards: list[Customer], tmp_path: Path
) -> None:
    with smtp_server(tls="starttls", asks_password=True, folder=tmp_path) as strict:
        access = {
            "email.security": "starttls",
            "email.trusted_certificates": certificate(tmp_path).read_text(),
            "email.username": "carrier",
            "email.password": "wrong",
        }
        set_up_mail(admin, strict.port, **access)
        send = begun(by)
        hand_over(send)
        assert (send.state, states(send), strict.received) == ("failed", {"stopped": 6}, [])
    assert "does not take the user and password" in send.problem
    assert "wrong" not in send.problem


def test_without_a_mail_server_the_send_says_so(by: UserActor, cards: list[Customer]) -> None:
    send = begun(by)
    hand_over(send)
    assert (send.state, states(send)) == ("failed", {"stopped": 6})
    assert send.problem == "No mail server is set. An administrator sets one in Setup › Settings."


def test_a_running_send_stops_after_the_message_at_hand(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    work = SendWork(send.pk)
    assert work.advance()
    stop_send(send_id=send.pk, by=by)
    work.advance()
    work.close()

    send.refresh_from_db()
    assert (send.state, send.ended) == ("stopped", 6)
    assert states(send) == {"sent": 2, "stopped": 4}
    assert len(peer.received) == 2


def test_new_settings_hold_from_the_next_message_on(
    by: UserActor, admin: User, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    work = SendWork(send.pk)
    work.advance()
    change_settings({"email.from_address": "billing@carrier.example"}, by=acting(admin, via="form"))
    go_on(work)
    work.close()

    senders = Counter(received.sender for received in peer.received)
    assert senders["billing@carrier.example"] >= 4
    assert sum(senders.values()) == 6


def test_a_turn_too_far_away_is_not_waited_for(
    by: UserActor, admin: User, peer: SmtpPeer, cards: list[Customer]
) -> None:
    """The clock was set back since it was given, or the pace was raised."""
    change_settings({"email.messages_per_minute": 20}, by=acting(admin, via="form"))
    Pace.objects.create(channel="email", free_at=now() + timedelta(days=1))
    hand_over(begun(by))
    assert len(peer.received) == 1
    assert Pace.objects.get(pk="email").free_at - now() <= timedelta(seconds=3)


def test_the_pace_holds_for_all_sends_together(
    by: UserActor, admin: User, peer: SmtpPeer, cards: list[Customer]
) -> None:
    change_settings({"email.messages_per_minute": 20}, by=acting(admin, via="form"))
    first, second = begun(by), begun(by)
    work = hand_over(first)

    free_at = Pace.objects.get(pk="email").free_at
    assert len(peer.received) == 1
    assert work.go_on_at == free_at
    assert timedelta(seconds=2) < free_at - now() <= timedelta(seconds=3)
    hand_over(second)
    assert len(peer.received) == 1
    Pace.objects.update(free_at=now())
    hand_over(second)
    assert (len(peer.received), states(second)) == (2, {"sent": 1, "queued": 5})


def test_a_message_that_cannot_be_written_fails_alone(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    Customer.objects.filter(name="Card B").update(website="https://b.example")
    written = Written(channel="email", subject="{{ customer.website }}", text="Hello")
    send = begun(by, written=written)
    hand_over(send)

    assert states(send) == {"sent": 2, "failed": 4}
    assert Message.objects.filter(words="The subject is empty for this recipient.").count() == 4
