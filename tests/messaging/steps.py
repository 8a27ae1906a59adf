"""What tests of sends do again and again."""

from collections import Counter
from typing import Any

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers.queries import visible_to
from linecard.messaging.actions import Written, begin_send
from linecard.messaging.models import Send
from linecard.messaging.work import SendWork
from linecard.setup.actions import change_settings
from tests.peers.smtp import HOST, SmtpPeer

NEWS = Written(
    channel="email",
    subject="News for {{ customer.name }}",
    text="Dear {{ contact.name }}, your balance is {{ customer.balance }}.",
    html="<p>Dear <b>{{ contact.name }}</b></p>",
)


def set_up_mail(admin: User, port: int, **more: Any) -> None:
    given = {
        "email.host": HOST,
        "email.port": port,
        "email.security": "none",
        "email.from_address": "noc@carrier.example",
        "email.from_name": "Carrier, the",
        **more,
    }
    change_settings(given, by=acting(admin, via="form"))


def begun(by: UserActor, **options: Any) -> Send:
    return begin_send(visible_to(by.user), written=options.pop("written", NEWS), by=by, **options)


def hand_over(send: Send) -> SendWork:
    work = SendWork(send.pk)
    try:
        go_on(work)
    finally:
        work.close()
    send.refresh_from_db()
    return work


def go_on(work: SendWork) -> None:
    while work.advance():
        pass


def states(send: Send) -> dict[str, int]:
    return dict(Counter(send.messages.values_list("state", flat=True)))


def arrived(peer: SmtpPeer) -> list[str]:
    return sorted(address for received in peer.received for address in received.recipients)
