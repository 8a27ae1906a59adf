"""Messages and templates over the API: who gets what, whose answers go where, what the SMS service tells later."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linecard.accounts import actions as accounts
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers.models import Contact, Customer
from linecard.delivery.twilio import SmsConnection
from linecard.kernel.clock import now, write_moment
from linecard.messaging.models import Message, MessageTemplate, Send
from linecard.messaging.work import SendWork
from linecard.setup.actions import change_settings
from tests.conftest import PASSWORD, ApiClient, MakeCustomer
from tests.peers.smtp import HOST, SmtpPeer, smtp_server
from tests.peers.twilio import ACCOUNT, NUMBER, TOKEN, TwilioPeer, signature, twilio_server

pytestmark = pytest.mark.django_db

PUBLIC = "https://linecard.example"
HOOK = "/hooks/sms-status/"


@pytest.fixture
def api(admin: User, api_of: Callable[..., ApiClient]) -> ApiClient:
    return api_of(admin)


@pytest.fixture
def mail(admin: User) -> Iterator[SmtpPeer]:
    with smtp_server() as peer:
        given = {
            "email.host": HOST,
            "email.port": peer.port,
            "email.security": "none",
            "email.from_address": "noc@carrier.example",
            "email.reply_to": "help@carrier.example",
            "company.name": "The Carrier",
        }
        change_settings(given, by=acting(admin, via="form"))
        yield peer


@pytest.fixture
def twilio(admin: User) -> Iterator[TwilioPeer]:
    with twilio_server() as peer:
        given = {
            "sms.account_sid": ACCOUNT,
            "sms.auth_token": TOKEN,
            "sms.from_number": NUMBER,
            "sms.api_base_url": peer.url,
            "web.public_url": PUBLIC,
        }
        change_settings(given, by=acting(admin, via="form"))
        yield peer


@pytest.fixture
def cards(make_customer: MakeCustomer) -> list[int]:
    """Two customers: one with two contacts, one whose contact cannot be written to."""
    azure, blue = make_customer("Azure"), make_customer("Blue")
    contact(azure, "Ann", "ann@azure.example", "+4915111111111")
    contact(azure, "Àlex", "àlex@ázure.example", "+4915222222222")
    contact(blue, "Bob", "", "")
    return [azure.pk, blue.pk]


def contact(card: Customer, name: str, email: str, mobile: str = "") -> None:
    Contact.objects.create(customer=card, name=name, email=email, mobile=mobile)


def work_off(send_id: int) -> None:
    work = SendWork(send_id)
    while work.advance():
        pass
    work.close()


def news(ids: list[int], **more: Any) -> dict[str, Any]:
    return {
        "channel": "email",
        "selection": {"ids": ids},
        "subject": "News",
        "body": "Dear {{ contact.name }}",
        **more,
    }


def in_a_week() -> str:
    return write_moment(now() + timedelta(days=7))


def test_a_send_tells_who_gets_it_and_who_cannot(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    begun = api.post("messages", news(cards))
    assert begun.status_code == 201, begun.content
    told = begun.json()
    assert (told["recipients"], told["problem_count"]) == (2, 1)
    assert told["problems"][0] | {"contact": 0} == {
        "customer": cards[1],
        "customer_name": "Blue",
        "contact": 0,
        "contact_name": "Bob",
        "address": "",
        "reason": "The contact has no email address.",
    }
    work_off(told["id"])
    read = api.get(begun["Location"]).json()
    assert (read["state"], read["progress"], read["total"]) == ("done", 100, 3)
    assert read["counts"] | {} == {**dict.fromkeys(read["counts"], 0), "sent": 2, "unreachable": 1}
    assert [(one["address"], one["state"]) for one in read["recipients"]] == [
        ("ann@azure.example", "sent"),
        ("àlex@ázure.example", "sent"),
        ("", "unreachable"),
    ]
    sent = read["recipients"][0]["id"]
    as_sent = api.get(f"messages/{told['id']}/sent/{sent}").json()
    assert as_sent == {"subject": "News", "body": "Dear Ann", "html": ""}
    assert [str(one.message["Reply-To"]) for one in mail.received] == ["help@carrier.example"] * 2
    assert api.get(f"jobs/{told['id']}").json()["kind"] == "send"


def test_what_was_sent_is_shown_as_it_was(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    send = api.post("messages", news(cards, subject="{{ customer.name }}")).json()["id"]
    work_off(send)
    Customer.objects.filter(pk=cards[0]).update(name="Renamed", name_key="renamed")
    message = Message.objects.filter(send=send, state="sent").first()
    assert message is not None
    assert api.get(f"messages/{send}/sent/{message.pk}").json()["subject"] == "Azure"


def test_a_preview_sends_nothing(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    told = api.post("messages", news(cards, preview=True, html="<p onclick=x>{{ customer.name }}</p>"))
    assert told.status_code == 200, told.content
    preview = told.json()
    assert (preview["recipients"], preview["problem_count"]) == (2, 1)
    assert (preview["subject"], preview["body"]) == ("News", "Dear Ann")
    assert "<p>Azure</p>" in preview["html"]
    assert Send.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"body": "a\n{{ customer.nme }}"}, "body", "Line 2, column 4: There is no field customer.nme."),
        ({"body": "{% for x in y %}"}, "body", "Line 1, column"),
        ({"subject": "News\r\nBcc: all@x.example"}, "subject", "control character"),
        ({"subject": ""}, "subject", "required"),
        ({"body": ""}, "body", "required"),
        ({"html": "{% include 'x' %}"}, "html", "Line 1, column"),
        ({"send_at": "tomorrow"}, "send_at", "Must be a time"),
        ({"send_at": "9999-12-31T23:59:59Z"}, "send_at", "days ahead"),
        ({"selection": {"ids": []}}, "selection", "No customer is selected."),
        ({"body": "x" * 1_500_001}, "body", "At most 1,500,000 characters"),
    ],
)
def test_what_is_wrong_is_named(
    api: ApiClient, mail: SmtpPeer, cards: list[int], wrong: Any, field: str, words: str
) -> None:
    answer = api.post("messages", news(cards, **wrong))
    assert answer.status_code == 422, answer.content
    errors = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert words in errors[field]
    assert Send.objects.count() == 0


def test_a_template_says_what_is_not_given(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    texts = {"subject": "For {{ customer.name }}", "text": "Dear {{ contact.name }}", "html": "<p>Dear</p>"}
    made = api.post("message-templates", {"name": "Own", "channel": "email", **texts})
    by_template = {"channel": "email", "selection": {"ids": cards}, "template": made.json()["id"]}
    send = api.post("messages", by_template).json()["id"]
    own_words = api.post("messages", {**by_template, "subject": "Mine", "body": "Own words"}).json()["id"]
    assert api.patch(made["Location"], {"text": "Changed"}).status_code == 200

    def written(number: int) -> tuple[str, str, str]:
        told = api.get(f"messages/{number}").json()
        return told["subject"], told["body"], told["html"]

    assert written(send) == (texts["subject"], texts["text"], texts["html"])
    assert written(own_words) == ("Mine", "Own words", "")
    work_off(send)
    assert mail.received[0].message["Subject"] == "For Azure"


def test_lists_do_not_read_the_long_texts_of_each_row(
    api: ApiClient, admin: User, client_of: Callable[[User], Client], mail: SmtpPeer, cards: list[int]
) -> None:
    send = api.post("messages", news(cards)).json()["id"]
    columns = {"columns": ["address", "subject"]}
    with CaptureQueriesContext(connection) as captured:
        (told,) = api.get("messages").json()["results"]
        job = api.get(f"jobs/{send}").json()
        for address in (f"/sends/{send}/query/", "/email-log/query/"):
            assert client_of(admin).post(address, columns, content_type="application/json").status_code == 200
        assert client_of(admin).get(f"/customers/{cards[0]}/messages/").status_code == 200
    assert "body" not in told
    assert "body" not in job
    assert told["subject"] == job["subject"] == "News"
    read = [query["sql"] for query in captured if '"message_send"."html"' in query["sql"]]
    assert read == []
    assert api.get(f"messages/{send}").json()["body"] == "Dear {{ contact.name }}"


def test_only_a_template_of_the_channel_can_be_used(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    sms = MessageTemplate.objects.get(stock="sms_low_balance").pk
    for number, words in ((sms, "not of this channel"), (10**9, "no such template")):
        answer = api.post(
            "messages", {"channel": "email", "selection": {"ids": cards}, "template": number, "subject": "a"}
        )
        assert answer.status_code == 422, answer.content
        (error,) = answer.json()["errors"]
        assert (error["field"], words in error["message"]) == ("template", True)
    assert Send.objects.count() == 0


def test_a_long_body_goes(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    send = api.post("messages", news(cards, body="Line of text. \n" * 95_000)).json()["id"]
    work_off(send)
    assert Message.objects.filter(send=send, state="sent").count() == 2
    assert min(len(received.data) for received in mail.received) > 1_400_000


def test_a_send_is_stopped_and_tried_again(api: ApiClient, mail: SmtpPeer, cards: list[int]) -> None:
    send = api.post("messages", news(cards, send_at=in_a_week())).json()["id"]
    assert api.post(f"messages/{send}/stop").json()["state"] == "stopped"
    assert api.post(f"messages/{send}/stop").status_code == 409
    assert api.get(f"messages/{send}?state=stopped").json()["total"] == 2
    assert api.post(f"messages/{send}/retry", {}).json() == {"id": send, "retried": 2}
    work_off(send)
    assert len(mail.received) == 2
    assert api.post(f"messages/{send}/retry", {}).status_code == 409


def test_a_reseller_sends_to_its_own_with_its_own_reply_to(
    admin: User,
    api_of: Callable[..., ApiClient],
    mail: SmtpPeer,
    cards: list[int],
    north: Reseller,
    make_customer: MakeCustomer,
) -> None:
    accounts.update_reseller(
        reseller_id=north.pk, reply_to="care@north.example", by=acting(admin, via="form")
    )
    contact(make_customer("Northern", reseller=north.pk), "Nia", "nia@northern.example")
    permissions = {"customers": ["read"], "contacts": ["read"], "messages": ["create", "read"]}
    group = accounts.create_group(name="Care", permissions=permissions, by=acting(admin, via="form"))
    user = accounts.create_user(
        username="nick", password=PASSWORD, reseller=north, groups=[group], by=command_actor()
    )
    own = api_of(user)
    begun = own.post("messages", {**news([]), "selection": {"all": True}})
    assert begun.status_code == 201, begun.content
    assert begun.json()["recipients"] == 1
    work_off(begun.json()["id"])
    (received,) = mail.received
    assert received.recipients == ["nia@northern.example"]
    assert str(received.message["Reply-To"]) == "care@north.example"
    assert own.post("messages", news(cards)).status_code == 422
    foreign = api_of(admin).post("messages", news(cards)).json()["id"]
    assert own.get(f"messages/{foreign}").status_code == 404
    assert own.post(f"messages/{foreign}/stop").status_code == 404


def test_who_may_not_see_contacts_writes_to_none(
    admin: User, api_of: Callable[..., ApiClient], mail: SmtpPeer, cards: list[int]
) -> None:
    permissions = {"customers": ["read"], "messages": ["create", "read"]}
    group = accounts.create_group(name="Blind", permissions=permissions, by=acting(admin, via="form"))
    own = api_of(accounts.create_user(username="bo", password=PASSWORD, groups=[group], by=command_actor()))
    for preview in (True, False):
        assert own.post("messages", news(cards, preview=preview)).status_code == 403
    assert Send.objects.count() == 0


def test_what_was_stopped_before_its_time_goes_when_it_is_tried_again(
    api: ApiClient, mail: SmtpPeer, cards: list[int]
) -> None:
    send = api.post("messages", news(cards, send_at=in_a_week())).json()["id"]
    api.post(f"messages/{send}/stop")
    api.post(f"messages/{send}/retry", {})
    work_off(send)
    told = api.get(f"messages/{send}").json()
    assert (told["state"], len(mail.received)) == ("done", 2)
    assert told["send_at"] <= write_moment(now())


def test_an_sms_goes_to_every_mobile_and_its_fate_is_told(
    api: ApiClient, twilio: TwilioPeer, cards: list[int]
) -> None:
    told = api.post(
        "messages", {"channel": "sms", "selection": {"ids": cards}, "body": "Hi {{ contact.name }}"}
    )
    assert (told.status_code, told.json()["recipients"]) == (201, 2)
    work_off(told.json()["id"])
    assert [(one["To"], one["From"], one["Body"]) for one in twilio.received] == [
        ("+4915111111111", NUMBER, "Hi Ann"),
        ("+4915222222222", NUMBER, "Hi Àlex"),
    ]
    numbers = list(Message.objects.filter(state="sent").order_by("id").values_list("pk", flat=True))
    told_at = [f"{HOOK}?message={number}" for number in numbers]
    assert [one["StatusCallback"] for one in twilio.received] == [PUBLIC + address for address in told_at]
    first, second = zip(told_at, (one["sid"] for one in twilio.received), strict=True)
    assert call_back(*first, "delivered") == 204
    assert call_back(*first, "sent") == 204
    assert call_back(*first, "failed") == 204
    assert call_back(*second, "undelivered", ErrorCode="30005", ErrorMessage="Unknown handset") == 204
    states = Message.objects.exclude(reference="").order_by("id").values_list("state", "words")
    assert list(states) == [("delivered", ""), ("failed", "30005: Unknown handset")]


def call_back(address: str, sid: str, status: str, **more: str) -> int:
    """As Twilio tells of a message, at the address that it was given."""
    given = {"MessageSid": sid, "MessageStatus": status, **more}
    headers = {"X-Twilio-Signature": signature(PUBLIC + address, given)}
    code: int = Client().post(address, given, headers=headers).status_code
    return code


def test_tidings_of_an_sms_that_nobody_signed_are_refused(
    api: ApiClient, twilio: TwilioPeer, cards: list[int]
) -> None:
    sms = {"channel": "sms", "selection": {"ids": cards}, "body": "Hi"}
    work_off(api.post("messages", sms).json()["id"])
    ours, others = (one["StatusCallback"].removeprefix(PUBLIC) for one in twilio.received)
    forged = {"MessageSid": twilio.received[0]["sid"], "MessageStatus": "failed"}
    assert Client().post(ours, forged).status_code == 401
    for wrong in (
        signature(PUBLIC + ours, forged, "another token"),
        signature(PUBLIC + others, forged),  # of another message
        signature(PUBLIC + ours, {**forged, "MessageStatus": "delivered"}),
    ):
        assert Client().post(ours, forged, headers={"X-Twilio-Signature": wrong}).status_code == 401
    assert set(Message.objects.exclude(reference="").values_list("state", flat=True)) == {"sent"}


def test_tidings_settle_what_is_not_known_to_have_been_taken(
    api: ApiClient, twilio: TwilioPeer, cards: list[int]
) -> None:
    twilio.cut |= {"+4915111111111", "+4915222222222"}
    sms = {"channel": "sms", "selection": {"ids": cards}, "body": "Hi"}
    work_off(api.post("messages", sms).json()["id"])
    first, second = Message.objects.filter(state="unknown").order_by("id")
    assert call_back(f"{HOOK}?message={first.pk}", "SM1", "sent") == 204
    assert call_back(f"{HOOK}?message={second.pk}", "SM2", "delivered") == 204
    assert (
        call_back(f"{HOOK}?message={first.pk}", "SM3", "failed") == 204
    )  # another one: that is known to be SM1
    for nobodys in ("x", "-1", "9" * 30, "%C2%B2", ""):
        assert call_back(f"{HOOK}?message={nobodys}", "SM4", "failed") == 204
    told = Message.objects.filter(pk__in=(first.pk, second.pk)).order_by("id")
    assert list(told.values_list("state", "reference", "words")) == [
        ("sent", "SM1", ""),
        ("delivered", "SM2", ""),
    ]


def test_tidings_may_be_quicker_than_the_answer(
    api: ApiClient, twilio: TwilioPeer, cards: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SmsConnection.hand_over

    def hand_over(self: SmsConnection, *, recipient: str, text: str, status_callback: str = "") -> Any:
        outcome = real(self, recipient=recipient, text=text, status_callback=status_callback)
        taken = twilio.received[-1]["sid"]
        status = "delivered" if len(twilio.received) == 1 else "failed"
        assert call_back(status_callback.removeprefix(PUBLIC), taken, status, ErrorCode="30006") == 204
        return outcome

    monkeypatch.setattr(SmsConnection, "hand_over", hand_over)
    sms = {"channel": "sms", "selection": {"ids": cards}, "body": "Hi {{ contact.name }}"}
    send = api.post("messages", sms).json()["id"]
    work_off(send)
    found = Message.objects.filter(send=send).exclude(state="unreachable").order_by("id")
    assert [(one.state, one.reference, one.words) for one in found] == [
        ("delivered", twilio.received[0]["sid"], ""),
        ("failed", twilio.received[1]["sid"], "30006"),
    ]
    assert (Send.objects.get(pk=send).ended, Send.objects.get(pk=send).state) == (2, "done")
    assert found[0].values == {"contact": {"name": "Ann"}}


def test_what_twilio_refuses_is_told_with_its_words(
    api: ApiClient, twilio: TwilioPeer, cards: list[int]
) -> None:
    twilio.answers["+4915111111111"] = (400, 21211, "Invalid 'To' Phone Number")
    sms = {"channel": "sms", "selection": {"ids": cards}, "body": "Hi"}
    send = api.post("messages", sms).json()["id"]
    work_off(send)
    failed = api.get(f"messages/{send}?state=failed").json()["recipients"]
    assert [(one["address"], one["reason"]) for one in failed] == [
        ("+4915111111111", "21211: Invalid 'To' Phone Number")
    ]


def test_an_sms_is_counted_in_parts_before_it_goes(
    api: ApiClient, twilio: TwilioPeer, cards: list[int]
) -> None:
    sms = {"channel": "sms", "selection": {"ids": cards}, "preview": True}
    assert api.post("messages", {**sms, "body": "a" * 161}).json()["segments"] == 2
    told = api.post("messages", {**sms, "body": "Привет " * 11}).json()
    assert (told["segments"], told["encoding"]) == (2, "UCS-2")


def test_templates_are_customised_put_back_and_deleted(
    api: ApiClient, admin: User, staff: User, api_of: Callable[..., ApiClient]
) -> None:
    stock = MessageTemplate.objects.get(stock="low_balance")
    path = f"message-templates/{stock.pk}"
    before = api.get(path)
    assert before.json()["customised"] is False
    changed = api.patch(
        path, {"text": "Pay {{ customer.credit_left }}"}, headers={"If-Match": before["ETag"]}
    )
    assert (changed.status_code, changed.json()["customised"]) == (200, True)
    assert api.patch(path, {"text": "x"}, headers={"If-Match": before["ETag"]}).status_code == 412
    stale = {"If-Match": before["ETag"]}
    assert api.post(f"{path}/reset", headers=stale).status_code == 412
    assert api.delete(path).status_code == 409
    put_back = api.post(f"{path}/reset", headers={"If-Match": changed["ETag"]})
    assert put_back.json()["text"] == before.json()["text"]
    wrong = api.patch(path, {"html": "<p>\n  {{ contact.fax }}</p>", "subject": "{{ x"})
    errors = {error["field"]: error["message"] for error in wrong.json()["errors"]}
    assert errors["html"] == "Line 2, column 6: There is no field contact.fax."
    assert "Line 1, column" in errors["subject"]
    made = api.post("message-templates", {"name": "Own", "channel": "sms", "text": "Hi"})
    assert made.status_code == 201, made.content
    assert api.post("message-templates", {"name": "OWN", "channel": "sms", "text": "Hi"}).status_code == 422
    assert api.patch(made["Location"], {"channel": "email"}).status_code == 422
    assert api_of(staff).patch(made["Location"], {"text": "Ha"}).status_code == 403
    assert api.delete(made["Location"], headers={"If-Match": '"0"'}).status_code == 412
    assert api.delete(made["Location"], headers={"If-Match": made["ETag"]}).status_code == 204
    assert AuditEntry.objects.filter(subject_type="message_template").count() == 4
