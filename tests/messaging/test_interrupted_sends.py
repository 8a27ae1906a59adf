"""At most once, whatever ends a process, a connection or somebody's rights in the middle of a send."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.db import OperationalError, connection

from linecard.accounts.actions import update_user
from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers.models import Customer
from linecard.delivery.smtp import MailConnection
from linecard.kernel.clock import now
from linecard.messaging.actions import pick_up_sends, retry_messages, stop_send
from linecard.messaging.models import Message
from linecard.messaging.queries import visible_messages
from linecard.messaging.tasks import SOON, hand_messages_over
from linecard.messaging.work import INTERRUPTED, SendWork, alone_with
from linecard.setup.actions import change_settings
from linecard.web.long_work import work_a_stretch
from tests.messaging.steps import arrived, begun, go_on, hand_over, states
from tests.peers.smtp import SmtpPeer

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_one_process_works_on_a_send(by: UserActor, peer: SmtpPeer, cards: list[Customer]) -> None:
    with alone_with(17) as first:
        ask = "SELECT pg_try_advisory_lock(%s, %s)"
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(ask, [0x6D736773, 17])
                assert (first, cursor.fetchone()) == (True, (False,))
        finally:
            other.close()


def test_who_finds_another_process_at_a_send_looks_again_soon(by: UserActor, cards: list[Customer]) -> None:
    send = begun(by)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x6D736773, send.pk])
        context: Any = SimpleNamespace(job=SimpleNamespace(attempts=0))
        hand_messages_over(context, send_id=send.pk)
    finally:
        other.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE args ->> 'send_id' = %s ORDER BY id",
            [str(send.pk)],
        )
        (first,), (again,) = cursor.fetchall()
    assert first <= now() < again <= now() + SOON


def test_a_send_whose_job_failed_is_picked_up_once(by: UserActor, cards: list[Customer]) -> None:
    lost, waiting, ended = begun(by), begun(by), begun(by)
    stop_send(send_id=ended.pk, by=by)
    with connection.cursor() as cursor:
        gone = [str(lost.pk), str(ended.pk)]
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args ->> 'send_id' = ANY(%s)", [gone])
    assert pick_up_sends() == [lost.pk]
    assert pick_up_sends() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'send_id' FROM procrastinate_jobs WHERE status = 'todo'")
        assert {str(waiting.pk), str(lost.pk)} <= {send for (send,) in cursor.fetchall()}


def test_nothing_goes_in_the_name_of_who_may_not_send_any_more(
    by: UserActor, admin: User, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    work = SendWork(send.pk)
    work.advance()
    work.close()
    update_user(user_id=by.user.pk, values={}, is_active=False, by=acting(admin, via="form"))
    hand_over(send)
    assert (send.state, send.ended, states(send)) == ("failed", 6, {"sent": 1, "stopped": 5})
    assert send.problem == f"{by.user} is not active any more."

    retry_messages(visible_messages(admin), send_id=send.pk, by=acting(admin, via="form"))
    hand_over(send)
    assert (send.state, states(send), send.retried_by) == ("done", {"sent": 6}, admin)
    assert len(set(arrived(peer))) == len(peer.received) == 6


def test_a_reseller_writes_to_no_customer_that_was_given_to_another(
    admin: User, peer: SmtpPeer, cards: list[Customer], north_user: User, south_user: User
) -> None:
    theirs = Customer.objects.filter(pk__in=[card.pk for card in cards[:2]])
    theirs.update(reseller_id=north_user.reseller_id)
    send = begun(acting(north_user, via="form"))
    assert send.recipients == 4
    theirs.filter(name="Card B").update(reseller_id=south_user.reseller_id)
    hand_over(send)
    assert arrived(peer) == ["1@a.example", "2@a.example"]
    told = send.messages.filter(state="failed").values_list("customer__name", "words")
    assert set(told) == {("Card B", "The customer belongs to somebody else now.")}


_DYING = """
import os, signal, sys
import django
django.setup()
from linecard.delivery.smtp import MailConnection
from linecard.messaging.work import SendWork
given = 0
def give_and_die(self, message, *, sender, recipient, real=MailConnection.hand_over):
    global given
    given += 1
    outcome = real(self, message, sender=sender, recipient=recipient)
    if given == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return outcome
MailConnection.hand_over = give_and_die
work = SendWork(int(sys.argv[1]))
while work.advance():
    pass
"""


def test_a_send_that_is_stopped_before_its_process_leaves_keeps_nothing_queued(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    work = SendWork(send.pk)
    work.advance()
    stop_send(send_id=send.pk, by=by)
    work.close()
    send.refresh_from_db()
    assert (send.state, send.ended, states(send)) == ("stopped", 6, {"sent": 1, "stopped": 5})
    assert retry_messages(visible_messages(by.user), send_id=send.pk, by=by) == 5
    hand_over(send)
    assert (send.state, send.ended, states(send)) == ("done", 6, {"sent": 6})
    assert len(set(arrived(peer))) == len(peer.received) == 6


def test_leave_is_taken_of_a_server_before_anything_is_locked(
    by: UserActor, admin: User, peer: SmtpPeer, cards: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, closed_in = MailConnection.close, []

    def close(self: MailConnection) -> None:
        closed_in.append(connection.in_atomic_block)
        real(self)

    monkeypatch.setattr(MailConnection, "close", close)
    work = SendWork(begun(by).pk)
    work.advance()
    change_settings({"company.name": "Other"}, by=acting(admin, via="form"))
    go_on(work)
    work.close()
    assert closed_in == [False, False]


def test_a_killed_process_sends_nothing_twice(by: UserActor, peer: SmtpPeer, cards: list[Customer]) -> None:
    send = begun(by)
    database = quote(connection.settings_dict["NAME"], safe="")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = subprocess.run(
        [sys.executable, "-c", _DYING, str(send.pk)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert (len(peer.received), states(send)) == (3, {"sent": 2, "sending": 1, "queued": 3})

    hand_over(send)

    assert (send.state, send.ended) == ("done", 6)
    assert states(send) == {"sent": 5, "unknown": 1}
    assert send.messages.get(state="unknown").words == INTERRUPTED
    assert len(set(arrived(peer))) == len(peer.received) == 6


def test_a_database_lost_while_the_server_answers_sends_nothing_twice(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    lost: list[Any] = []

    def lose(server: Any) -> None:
        if len(peer.received) == 2 and not lost:
            lost.append(server)
            with psycopg.connect(**connection.get_connection_params()) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    peer.after_data = lose
    work = SendWork(send.pk)
    with pytest.raises(OperationalError):
        go_on(work)
    connection.close()
    work.close()
    assert (len(peer.received), states(send)) == (3, {"sent": 2, "sending": 1, "queued": 3})

    hand_over(send)

    assert (send.state, send.ended, states(send)) == ("done", 6, {"sent": 5, "unknown": 1})
    assert len(set(arrived(peer))) == len(peer.received) == 6


def test_an_unforeseen_failure_ends_the_send_and_says_which_message_is_in_doubt(
    by: UserActor, peer: SmtpPeer, cards: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = MailConnection.hand_over

    def stumble(self: MailConnection, message: Any, *, sender: str, recipient: str) -> Any:
        if recipient == "1@b.example":
            raise ZeroDivisionError
        return real(self, message, sender=sender, recipient=recipient)

    monkeypatch.setattr(MailConnection, "hand_over", stumble)
    send = begun(by)
    work = SendWork(send.pk)
    assert work_a_stretch(work, attempts=0) is False
    work.close()
    send.refresh_from_db()
    assert (send.state, send.ended, states(send)) == ("failed", 6, {"sent": 2, "unknown": 1, "stopped": 3})
    assert send.messages.get(state="unknown").address == "1@b.example"
    retry_messages(Message.objects.filter(state="stopped"), send_id=send.pk, by=by)
    hand_over(send)
    assert (send.state, send.ended, states(send)) == ("done", 6, {"sent": 5, "unknown": 1})


def test_who_finds_a_mark_taken_away_counts_nothing_twice(
    by: UserActor, peer: SmtpPeer, cards: list[Customer]
) -> None:
    send = begun(by)
    work = SendWork(send.pk)
    work.advance()
    hand_over(send)  # as another process does when the first one's lock is gone
    go_on(work)
    work.close()
    send.refresh_from_db()
    assert (send.state, send.ended, states(send)) == ("done", 6, {"sent": 5, "unknown": 1})
