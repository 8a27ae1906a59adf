"""Who gets a send, and what a person may ask of one."""

from typing import Any

import pytest

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import User
from linecard.customers.models import Contact, Customer
from linecard.customers.queries import visible_to
from linecard.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from linecard.messaging import audience
from linecard.messaging.actions import Written, begin_send, retry_messages, stop_send
from linecard.messaging.audience import BAD_ADDRESS, NO_ADDRESS, NO_CONTACT, SAME_ADDRESS
from linecard.messaging.foreseeing import preview_send
from linecard.messaging.models import Message, Send
from linecard.messaging.queries import visible_messages
from linecard.messaging.words import MessageState, SendState
from tests.conftest import PASSWORD, MakeCustomer

pytestmark = pytest.mark.django_db

NEWS = Written(channel="email", subject="News", text="Good news.")


def reach(customer: Customer, *emails: str, mobile: str = "") -> None:
    for number, email in enumerate(emails, 1):
        Contact.objects.create(customer=customer, name=f"Person {number}", email=email, mobile=mobile)


def told(send: Send) -> list[tuple[Any, ...]]:
    return list(send.messages.order_by("id").values_list("customer__name", "address", "state", "words"))


def test_every_address_gets_one_message_and_everybody_else_a_reason(
    by: UserActor, staff: User, make_customer: MakeCustomer
) -> None:
    reach(make_customer("Azure"), "a@azure.example", "b@azure.example", "")
    reach(make_customer("Blue"), "A@Azure.example", "not an address")
    make_customer("Crimson")
    reach(make_customer("Dust"), "left@out.example")
    cards = visible_to(staff).exclude(name="Dust")
    send = begin_send(cards, written=NEWS, by=by)
    assert told(send) == [
        ("Azure", "a@azure.example", "queued", ""),
        ("Azure", "b@azure.example", "queued", ""),
        ("Azure", "", "unreachable", NO_ADDRESS["email"]),
        ("Blue", "A@Azure.example", "unreachable", SAME_ADDRESS),
        ("Blue", "not an address", "unreachable", BAD_ADDRESS["email"]),
        ("Crimson", "", "unreachable", NO_CONTACT),
    ]
    assert (send.recipients, send.state, send.progress) == (2, SendState.QUEUED, 0)


def test_a_text_message_goes_to_international_numbers(
    by: UserActor, staff: User, make_customer: MakeCustomer
) -> None:
    for name, mobile in (("Azure", "+4930123456"), ("Blue", "+0123456789"), ("Crimson", "")):
        reach(make_customer(name), "", mobile=mobile)
    send = begin_send(visible_to(staff), written=Written(channel="sms", text="Hello"), by=by)
    assert told(send) == [
        ("Azure", "+4930123456", "queued", ""),
        ("Blue", "+0123456789", "unreachable", BAD_ADDRESS["sms"]),
        ("Crimson", "", "unreachable", NO_ADDRESS["sms"]),
    ]


def test_a_send_that_reaches_nobody_is_refused(
    by: UserActor, staff: User, make_customer: MakeCustomer
) -> None:
    make_customer("Azure")
    with pytest.raises(Invalid, match="None of the selected"):
        begin_send(visible_to(staff), written=NEWS, by=by)
    with pytest.raises(Invalid, match="No customer is selected"):
        begin_send(visible_to(staff).none(), written=NEWS, by=by)
    assert not Send.objects.exists()
    assert not Message.objects.exists()


def test_a_send_to_more_contacts_than_it_can_have_is_refused(
    by: UserActor, staff: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "MAX_CONTACTS", 3)
    reach(make_customer("Azure"), "a@azure.example", "b@azure.example", "c@azure.example")
    assert begin_send(visible_to(staff), written=NEWS, by=by).recipients == 3
    make_customer("Blue")
    for ask in (begin_send, preview_send):
        with pytest.raises(Invalid, match="more than 3 contacts"):
            ask(visible_to(staff), written=NEWS, by=by)


def test_a_reseller_writes_to_its_own_customers_only(
    by: UserActor, staff: User, north_user: User, south_user: User, make_customer: MakeCustomer
) -> None:
    reach(make_customer("Azure", reseller=north_user.reseller_id), "a@azure.example")
    reach(make_customer("Blue", reseller=south_user.reseller_id), "b@blue.example")
    send = begin_send(visible_to(north_user), written=NEWS, by=acting(north_user, via="form"))
    assert [row[0] for row in told(send)] == ["Azure"]
    assert visible_messages(north_user).count() == visible_messages(staff).count() == 1
    assert visible_messages(south_user).count() == 0
    with pytest.raises(NotFound):
        stop_send(send_id=send.pk, by=acting(south_user, via="form"))
    assert stop_send(send_id=send.pk, by=by).state == SendState.STOPPED


def test_who_may_not_send_sends_nothing(
    staff: User, by: UserActor, admin: User, make_customer: MakeCustomer
) -> None:
    reach(make_customer("Azure"), "a@azure.example")
    permissions = {"messages": ["read"], "customers": ["read"]}
    group = accounts.create_group(name="Readers", permissions=permissions, by=acting(admin, via="form"))
    reader = accounts.create_user(username="rita", password=PASSWORD, groups=[group], by=command_actor())
    with pytest.raises(Forbidden):
        begin_send(visible_to(reader), written=NEWS, by=acting(reader, via="form"))
    send = begin_send(visible_to(staff), written=NEWS, by=by)
    with pytest.raises(Forbidden):
        stop_send(send_id=send.pk, by=acting(reader, via="form"))
    with pytest.raises(Forbidden):
        retry_messages(Message.objects.all(), send_id=send.pk, by=acting(reader, via="form"))


def test_a_stopped_send_hands_nothing_over_until_somebody_tries_again(
    by: UserActor, staff: User, make_customer: MakeCustomer
) -> None:
    reach(make_customer("Azure"), "a@azure.example", "b@azure.example", "")
    send = begin_send(visible_to(staff), written=NEWS, by=by)
    with pytest.raises(Conflict):
        retry_messages(Message.objects.all(), send_id=send.pk, by=by)
    stop_send(send_id=send.pk, by=by)
    assert [row[2] for row in told(send)] == ["stopped", "stopped", "unreachable"]
    with pytest.raises(Conflict):
        stop_send(send_id=send.pk, by=by)
    assert retry_messages(Message.objects.filter(address="b@azure.example"), send_id=send.pk, by=by) == 1
    assert [row[2] for row in told(send)] == ["stopped", "queued", "unreachable"]
    send.refresh_from_db()
    assert (send.state, send.finished_at) == (SendState.QUEUED, None)
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 1
