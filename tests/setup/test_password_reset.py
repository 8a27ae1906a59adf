"""A forgotten password: a link by email, once, within an hour; nobody learns who has an account."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from linecard.accounts import actions as accounts
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.kernel.clock import now
from linecard.setup import resetting
from linecard.setup.actions import change_settings
from linecard.setup.resetting import MAX_OF_ADDRESS, MAX_OF_USER, TASK, mail_links
from tests.conftest import PASSWORD
from tests.peers.smtp import HOST, SmtpPeer, smtp_server

pytestmark = pytest.mark.django_db

NEW = "another good password"
ASK, RESET = "/password/forgotten/", "/password/reset/"


@pytest.fixture
def mail(admin: User, staff: User) -> Iterator[SmtpPeer]:
    User.objects.filter(pk=staff.pk).update(email="Stella@carrier.example")
    with smtp_server() as peer:
        given = {
            "email.host": HOST,
            "email.port": peer.port,
            "email.security": "none",
            "email.from_address": "noc@carrier.example",
        }
        change_settings(given, by=acting(admin, via="form"))
        yield peer


def asked() -> list[dict[str, str]]:
    """The jobs that were noted."""
    return list(ProcrastinateJob.objects.filter(task_name=TASK).order_by("id").values_list("args", flat=True))


def link_in(peer: SmtpPeer) -> str:
    body = peer.received[-1].message.get_body(("plain",))
    assert body is not None
    found = re.search(r"link=(\S+)", body.get_content())
    assert found is not None
    return unquote(found[1])


def test_without_mail_there_is_no_such_page(admin: User) -> None:
    assert "Forgot your password?" not in Client().get("/sign-in/").content.decode()
    assert Client().get(ASK).status_code == 302


def test_a_link_comes_by_email_and_opens_once(mail: SmtpPeer, staff: User) -> None:
    client = Client()
    assert "Forgot your password?" in client.get("/sign-in/").content.decode()
    answer = client.post(ASK, {"name": "stella@CARRIER.example"})
    assert "a link is on its way" in answer.content.decode()
    (job,) = asked()
    mail_links(**job)
    (received,) = mail.received
    assert received.recipients == ["Stella@carrier.example"]
    link = link_in(mail)
    assert client.get(RESET, {"link": link}).status_code == 200
    weak = client.post(RESET, {"link": link, "new": "short", "repeated": "short"})
    assert weak.status_code == 422
    done = client.post(RESET, {"link": link, "new": NEW, "repeated": NEW})
    assert (done.status_code, done["Location"]) == (302, "/sign-in/")
    staff.refresh_from_db()
    assert staff.check_password(NEW)
    assert client.get(RESET, {"link": link}).status_code == 404
    assert client.post(RESET, {"link": link, "new": PASSWORD, "repeated": PASSWORD}).status_code == 404
    actions = AuditEntry.objects.filter(subject_type="user", subject_id=staff.pk).values_list(
        "action", flat=True
    )
    assert {"user.password_mailed", "user.password_reset"} <= set(actions)


def test_the_answer_tells_nobody_who_there_is(mail: SmtpPeer) -> None:
    def told(name: str) -> str:
        body = Client().post(ASK, {"name": name}).content.decode()
        return re.sub(r'name="csrf-token" content="[^"]*"|value="\w{64}"', "", body)

    assert told("staff") == told("nobody-of-that-name")
    assert [job["name"] for job in asked()] == ["staff", "nobody-of-that-name"]
    assert mail_links("nobody-of-that-name", address="", base_url="http://x") == []
    assert mail.received == []


def test_links_are_bounded_for_an_address_and_for_a_user(mail: SmtpPeer) -> None:
    for _ in range(MAX_OF_ADDRESS + 5):
        Client().post(ASK, {"name": "staff"})
    assert len(asked()) == MAX_OF_ADDRESS
    for _ in range(MAX_OF_USER + 2):
        mail_links("staff", address="", base_url="http://x")
    assert len(mail.received) == MAX_OF_USER


def test_a_deactivated_user_gets_no_link_and_theirs_opens_nothing(
    mail: SmtpPeer, staff: User, admin: User
) -> None:
    mail_links("staff", address="", base_url="http://x")
    accounts.update_user(user_id=staff.pk, values={}, is_active=False, by=acting(admin, via="form"))
    assert Client().get(RESET, {"link": link_in(mail)}).status_code == 404
    assert mail_links("staff", address="", base_url="http://x") == []


def test_an_old_or_forged_link_opens_nothing(mail: SmtpPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_links("staff", address="", base_url="http://x")
    link = link_in(mail)
    number, moment, signature = link.split(".")
    for forged in (
        f"{number}.{int(moment) + 1}.{signature}",
        f"{int(number) + 1}.{moment}.{signature}",
        f"{number}.{moment}.",
        "x",
        "9" * 200,
        "",
    ):
        assert Client().get(RESET, {"link": forged}).status_code == 404
    monkeypatch.setattr(resetting, "now", lambda: now() + timedelta(hours=1, seconds=5))
    assert Client().get(RESET, {"link": link}).status_code == 404


def test_a_foreign_host_is_not_written_into_the_link(mail: SmtpPeer, admin: User) -> None:
    assert Client().post(ASK, {"name": "staff"}, headers={"Host": "evil.example"}).status_code == 400
    change_settings({"web.public_url": "https://noc.carrier.example/"}, by=acting(admin, via="form"))
    Client().post(ASK, {"name": "staff"})
    (job,) = asked()
    assert job["base_url"] == "https://noc.carrier.example/"
    mail_links(**job)
    assert b"https://noc.carrier.example/password/reset/?link=" in mail.received[0].data.replace(
        b"=3D", b"="
    ).replace(b"=\r\n", b"")
