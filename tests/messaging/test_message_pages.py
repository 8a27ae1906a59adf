"""One message on its page: as it was sent, or as it would be."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers.models import Contact, Customer
from linecard.kernel.clock import now
from linecard.messaging.actions import Written, retry_messages
from linecard.messaging.models import Message, Send
from linecard.messaging.work import SendWork
from tests.messaging.steps import begun, hand_over
from tests.peers.smtp import SmtpPeer

pytestmark = pytest.mark.django_db(transaction=True)

AS_SENT, AS_IT_WOULD_BE = "As it was sent", "As it would be sent now"


@pytest.mark.parametrize("text", ["Good news", "Dear {{ customer.name }}"])
def test_a_page_says_whether_it_shows_what_was_sent(
    by: UserActor, peer: SmtpPeer, cards: list[Customer], client_of: Callable[[User], Client], text: str
) -> None:
    send = begun(by, written=Written(channel="email", subject="News", text=text))
    message = send.messages.get(address="1@a.example")
    client = client_of(by.user)

    def page() -> str:
        return client.get(reverse("messaging:message", args=[message.pk])).content.decode()

    assert AS_IT_WOULD_BE in page()
    peer.answers = {"1@a.example": "550 No such user"}
    hand_over(send)
    Customer.objects.filter(pk=message.customer_id).update(name="Renamed", name_key="renamed")
    shown = page()
    assert AS_SENT in shown
    assert text.replace("{{ customer.name }}", "Card A") in shown
    retry_messages(Message.objects.filter(pk=message.pk), send_id=send.pk, by=by)
    shown = page()
    assert AS_IT_WOULD_BE in shown
    assert text.replace("{{ customer.name }}", "Renamed") in shown


def test_the_page_of_a_send_that_goes_on_hears_how_far_it_is(
    by: UserActor, peer: SmtpPeer, cards: list[Customer], client_of: Callable[[User], Client]
) -> None:
    send = begun(by)
    client = client_of(by.user)
    address = reverse("messaging:send-state", args=[send.pk])
    assert (
        f'hx-get="{address}?of=queued"'
        in client.get(reverse("messaging:send", args=[send.pk])).content.decode()
    )
    work = SendWork(send.pk)
    work.advance()
    told = client.get(address, {"of": "running"})
    assert "Running, 16 %" in told.content.decode()
    assert "4 queued, 1 sending, 1 sent" in told.content.decode()
    assert client.get(address, {"of": "queued"}).headers["HX-Refresh"] == "true"
    work.close()
    hand_over(send)
    assert client.get(address, {"of": "running"}).headers["HX-Refresh"] == "true"
    assert "hx-get" not in client.get(reverse("messaging:send", args=[send.pk])).content.decode()


def test_the_list_of_sends_shows_what_goes_and_what_waits_and_to_a_reseller_its_own(
    by: UserActor,
    admin: User,
    cards: list[Customer],
    north_user: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    Customer.objects.filter(name="Card C").update(reseller_id=north_user.reseller_id)
    theirs = begun(acting(north_user, via="form"))
    text = "Maintenance tonight. " * 20
    Contact.objects.update(mobile="+4915111111111")
    ours = begun(by, written=Written(channel="sms", text=text), at=now() + timedelta(days=1))
    asked = {"columns": ["said", "state", "recipients", "made_by"], "sort": []}

    def rows(user: User, **more: Any) -> list[dict[str, Any]]:
        answer = client_of(user).post(
            reverse("messaging:sends-query"), {**asked, **more}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        told: list[dict[str, Any]] = answer.json()["rows"]
        return told

    shown = [(row["id"], row["said"], row["recipients"]) for row in rows(by.user)]
    assert shown == [(ours.pk, text[:120], 1), (theirs.pk, "News for {{ customer.name }}", 2)]
    assert [row["id"] for row in rows(north_user)] == [theirs.pk]
    assert [row["id"] for row in rows(by.user, search="tonight")] == [ours.pk]
    assert [row["id"] for row in rows(by.user, filter={"channel": {"op": "in", "value": ["sms"]}})] == [
        ours.pk
    ]
    client = client_of(by.user)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("messaging:sends"))
    assert "Maintenance tonight." in page.content.decode()


def test_a_dialog_begins_one_send_however_often_it_asks(
    by: UserActor, cards: list[Customer], client_of: Callable[[User], Client]
) -> None:
    client = client_of(by.user)
    key = re.findall(
        r'name="key" value="([0-9a-f-]{36})"', client.get(reverse("messaging:form")).content.decode()
    )
    asked = {
        "selection": json.dumps({"ids": [card.pk for card in cards]}),
        "channel": "email",
        "subject": "News",
        "text": "Good",
        "key": key,
    }
    first, second = (client.post(reverse("messaging:begin"), asked) for _ in range(2))
    assert (first.status_code, first.json()) == (202, second.json())
    assert Send.objects.count() == 1
    assert client.post(reverse("messaging:begin"), {**asked, "key": ""}).json()["id"] != first.json()["id"]
