"""What a send costs against the bare SMTP client, and how much memory it takes.

``python -m bench.messages [--messages 3000]`` makes a scratch database with a contact for each message, and a mail
server in a process of its own that takes everything. The same texts go once through ``smtplib`` over one connection,
and once as a send: written for each recipient, marked before and settled after each. Commits wait for the disk. Both
are done in turns, twice; only the ratio counts.
"""

import argparse
import multiprocessing
import resource
import smtplib
import socketserver
import time
from email.message import EmailMessage
from multiprocessing.connection import Connection

from bench.scratch import scratch_database

HOST = "127.0.0.1"
ROUNDS = 2
CONTACTS = 10  # of each customer
TEXT = "Dear {{ contact.name }},\n\nthe balance of {{ customer.name }} is {{ customer.balance }}.\n" * 10


class _Taker(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as the client asks for, and keeps nothing."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() != b".\r\n":
                    pass
            self._say("221 bye" if word == b"QUIT" else "250 OK")
            if word == b"QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _serve(told: Connection) -> None:
    with _Server((HOST, 0), _Taker) as server:
        told.send(server.server_address[1])
        server.serve_forever()


def main() -> None:
    """Make contacts, send both ways, print."""
    parser = argparse.ArgumentParser(description="Compare a send with the bare SMTP client.")
    parser.add_argument("--messages", type=int, default=3_000, help="how many go each time")
    given = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        with scratch_database(durable=True):
            send_and_compare(given.messages, ours.recv())
    finally:
        server.terminate()
        server.join()


def send_and_compare(messages: int, port: int) -> None:
    """One run."""
    from linecard.accounts.actions import create_user
    from linecard.accounts.actor import acting, command_actor
    from linecard.customers.queries import visible_to
    from linecard.messaging.actions import Written, begin_send
    from linecard.messaging.work import SendWork
    from linecard.setup.actions import change_settings

    user = create_user(
        username="bench",
        password="a long password",  # noqa: S106
        is_administrator=True,
        by=command_actor(),
    )
    by = acting(user, via="command")
    where = {
        "email.host": HOST,
        "email.port": port,
        "email.security": "none",
        "email.from_address": "a@b.example",
    }
    change_settings(where, by=by)
    make_contacts(messages, by)

    def bare() -> float:
        begun = time.perf_counter()
        with smtplib.SMTP(HOST, port) as client:
            for number in range(messages):
                message = EmailMessage()
                message["From"], message["To"] = "a@b.example", f"c{number}@d.example"
                message["Subject"] = "News"
                message.set_content(TEXT)
                client.sendmail("a@b.example", [f"c{number}@d.example"], message.as_bytes())
        return time.perf_counter() - begun

    def as_send() -> float:
        written = Written(channel="email", subject="News", text=TEXT)
        send = begin_send(visible_to(user), written=written, by=by)
        begun = time.perf_counter()
        work = SendWork(send.pk)
        while work.advance():
            pass
        work.close()
        took = time.perf_counter() - begun
        send.refresh_from_db()
        if (send.state, send.ended) != ("done", messages):
            raise RuntimeError(f"{send.state}: {send.ended} of {messages}")
        return took

    as_send()
    before = peak_mebibytes()
    both = [(bare(), as_send()) for _ in range(ROUNDS)]
    by_client, by_us = (min(times) for times in zip(*both, strict=True))
    print(f"smtplib alone   {messages / by_client:8,.0f} messages a second")
    print(
        f"a send          {messages / by_us:8,.0f} messages a second, {by_us / by_client:.2f} times as long"
    )
    more = peak_mebibytes() - before
    print(f"memory          {peak_mebibytes():8,.0f} MiB at most, {more:,.0f} more than after one send")


def peak_mebibytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def make_contacts(messages: int, by: object) -> None:
    """A customer for each ten contacts."""
    from django.db import transaction

    from linecard.customers.actions.bulk import NewCard, insert_cards
    from linecard.customers.models import Contact, Customer

    cards = [
        NewCard({"name": f"Carrier {number}", "currency": "EUR", "external_accounting_id": "", "tags": []})
        for number in range(-(-messages // CONTACTS))
    ]
    with transaction.atomic():
        insert_cards(cards, by=by)  # type: ignore[arg-type]
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    contacts = (
        Contact(customer_id=ids[number // CONTACTS], name=f"Person {number}", email=f"c{number}@d.example")
        for number in range(messages)
    )
    Contact.objects.bulk_create(contacts, batch_size=1_000)


if __name__ == "__main__":
    main()
