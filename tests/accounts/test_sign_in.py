"""Signing in and out over HTTP."""

from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from linecard.accounts.actions import create_user
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from linecard.accounts.views import sign_in as views
from linecard.kernel.errors import Invalid
from tests.conftest import PASSWORD

WRONG = "The user name or the password is wrong."


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_right_password_opens_the_page_that_was_wanted(client: Client, staff: User) -> None:
    asked = client.get("/account/")
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/?next=/account/")
    page = client.get(asked["Location"])
    assert '<input type="hidden" name="next" value="/account/">' in page.content.decode()
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD, "next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_signed_in(client)


@pytest.mark.parametrize("wanted", ["x", "a.b", "account", "sign-out"])
def test_a_word_for_the_wanted_page_is_an_address_and_no_name(
    client: Client, staff: User, wanted: str
) -> None:
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["STAFF", "  staff ", "Staff"])
def test_user_name_is_found_as_people_type_it(client: Client, staff: User, typed: str) -> None:
    client.post("/sign-in/", {"username": typed, "password": PASSWORD})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("username", "password"), [("staff", "not the password"), ("nobody", PASSWORD), ("staff", PASSWORD + " ")]
)
def test_wrong_ones_are_refused_alike(client: Client, staff: User, username: str, password: str) -> None:
    answer = client.post("/sign-in/", {"username": username, "password": password})
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert password not in answer.content.decode()
    assert not is_signed_in(client)


def test_inactive_user_is_refused_like_a_wrong_password(client: Client, staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(is_active=False)
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert WRONG in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("username", ["", "x" * 151, "sta\x00ff"])
def test_impossible_names_are_refused_at_the_field(client: Client, staff: User, username: str) -> None:
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 200
    assert 'id="id_username_error"' in answer.content.decode()
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"]
)
def test_next_leads_to_no_other_host(client: Client, staff: User, elsewhere: str) -> None:
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD, "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_next_may_name_this_host(client: Client, staff: User) -> None:
    here = "http://testserver/account/"
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD, "next": here})
    assert answer["Location"] == here


def test_the_tenth_wrong_password_closes_the_name_for_a_quarter_of_an_hour(
    client: Client, staff: User
) -> None:
    for _ in range(9):
        assert client.post("/sign-in/", {"username": "staff", "password": "wrong"}).status_code == 200
    answer = client.post("/sign-in/", {"username": "Staff", "password": "wrong"})
    assert answer.status_code == 429
    assert "<strong>15 minutes</strong>" in answer.content.decode()
    assert 890 <= int(answer["Retry-After"]) <= 900
    # the right one does not open it, nor does trying make it longer
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert answer.status_code == 429
    assert "<strong>5 minutes</strong>" in answer.content.decode()
    assert not is_signed_in(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert is_signed_in(client)


def test_other_names_stay_open_from_the_same_address(client: Client, staff: User, admin: User) -> None:
    for _ in range(10):
        client.post("/sign-in/", {"username": "staff", "password": "wrong"})
    client.post("/sign-in/", {"username": "admin", "password": PASSWORD})
    assert is_signed_in(client)


def test_a_closed_name_stays_open_from_other_addresses(client: Client, staff: User) -> None:
    for _ in range(10):
        client.post("/sign-in/", {"username": "staff", "password": "wrong"})
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert is_signed_in(elsewhere)


def test_whoever_has_an_ipv6_network_does_not_guess_on_from_each_of_its_addresses(staff: User) -> None:
    wrong = {"username": "staff", "password": "wrong"}
    statuses = [
        Client(REMOTE_ADDR=f"2001:db8:0:7::{number}").post("/sign-in/", wrong).status_code
        for number in range(10)
    ]
    assert statuses == [200] * 9 + [429]
    another = Client(REMOTE_ADDR="2001:db8:0:7:ffff::1")
    answer = another.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert answer.status_code == 429
    assert 890 <= int(answer["Retry-After"]) <= 900
    elsewhere = Client(REMOTE_ADDR="2001:db8:0:8::1")
    assert elsewhere.post("/sign-in/", {"username": "staff", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("address", ["unix:", "x", ""])
def test_guesses_from_nowhere_are_counted_together(staff: User, address: str) -> None:
    client = Client(REMOTE_ADDR=address)
    for _ in range(9):
        assert client.post("/sign-in/", {"username": "staff", "password": "wrong"}).status_code == 200
    assert client.post("/sign-in/", {"username": "staff", "password": "wrong"}).status_code == 429


def test_no_password_is_kept_of_a_failed_try(client: Client, staff: User) -> None:
    client.post("/sign-in/", {"username": "staff", "password": "my secret typo"})
    attempt = AccessAttempt.objects.get()
    assert attempt.username == "staff"
    assert "my secret typo" not in attempt.post_data


def test_signed_in_users_are_not_asked_again(client: Client, staff: User) -> None:
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    answer = client.get("/sign-in/?next=/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")


def test_signing_out_takes_a_post(client: Client, staff: User) -> None:
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert "You are signed out." in client.get("/sign-in/").content.decode()
    assert not is_signed_in(client)


def test_part_of_a_page_asked_for_after_the_session_ended_moves_the_whole_page(client: Client) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"}
    answer = client.get("/account/", headers=asked, follow=True)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in/?next=http%3A%2F%2Ftestserver%2Faccount%2F"


def test_sign_in_without_the_csrf_token_is_refused(staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


def test_a_name_that_folds_to_more_than_can_be_counted_is_only_wrong(client: Client, staff: User) -> None:
    answer = client.post("/sign-in/", {"username": "ß" * 150, "password": "wrong"})
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()


def test_a_flood_of_guesses_waits_for_its_turn(
    client: Client, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = BoundedSemaphore(1)
    monkeypatch.setattr(views, "_password_checks", turns)
    monkeypatch.setattr(views, "_LONGEST_WAIT_SECONDS", 0.01)
    with turns:
        answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
        assert answer.status_code == 503
        assert "Too many people sign in at this moment. Try again." in answer.content.decode()
        assert not is_signed_in(client)
    assert client.post("/sign-in/", {"username": "staff", "password": "wrong"}).status_code == 200
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert is_signed_in(client)


@pytest.mark.django_db
def test_no_user_gets_a_name_whose_guesses_could_not_be_counted() -> None:
    with pytest.raises(Invalid) as refusal:
        create_user(username="ß" * 128, by=command_actor())
    assert [error.field for error in refusal.value.errors] == ["username"]
    assert create_user(username="ß" * 127, by=command_actor()).username_key == "ss" * 127


@pytest.mark.parametrize(("headers", "is_secure"), [({"X-Forwarded-Proto": "https"}, True), ({}, False)])
def test_cookies_given_over_tls_come_back_over_tls_only(
    client: Client, staff: User, headers: dict[str, str], is_secure: bool
) -> None:
    client.get("/sign-in/")
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 302
    assert {name: bool(cookie["secure"]) for name, cookie in answer.cookies.items()} == {
        "sessionid": is_secure,
        "csrftoken": is_secure,
    }
