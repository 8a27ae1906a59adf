"""Sessions: what is known of them, how they end, and from where they count."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import acting
from linecard.accounts.browsers import browser_in_words
from linecard.accounts.models import ApiToken, Session, User
from linecard.accounts.queries import living_sessions
from linecard.accounts.sessions import SessionStore
from linecard.audit.models import AuditEntry
from linecard.kernel.clock import now
from linecard.kernel.errors import Forbidden, Invalid, NotFound
from tests.conftest import PASSWORD, ApiClient

ClientOf = Callable[[User], Client]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MINUTE = timedelta(minutes=1)


def sign_in(address: str = "127.0.0.1", agent: str = FIREFOX, username: str = "staff") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def told(*wanted: str) -> list[tuple[str, int | None, int, str, str | None]]:
    """The entries of the trail with those actions: what, by whom, about whom, with which note, from where."""
    entries = AuditEntry.objects.filter(action__in=wanted).order_by("id")
    return [(e.action, e.user_id, e.subject_id, e.note, e.address) for e in entries]


def test_a_session_is_known_by_where_it_comes_from(staff: User) -> None:
    began = now()
    sign_in("2001:db8::7")
    session = Session.objects.get()
    assert (session.user, session.address, session.agent) == (staff, "2001:db8::7", FIREFOX)
    assert began <= session.started_at <= session.seen_at <= now()
    assert session.expires_at == pytest.approx(began + timedelta(days=14), abs=timedelta(seconds=10))


def test_the_table_does_not_hold_the_cookie(staff: User) -> None:
    key = sign_in().cookies["sessionid"].value
    session = Session.objects.get()
    assert key not in (session.key_hash, session.data)
    thief = Client()
    thief.cookies["sessionid"] = session.key_hash
    assert not is_signed_in(thief)


def test_being_seen_is_noted_once_a_minute(staff: User) -> None:
    client = sign_in()
    before = Session.objects.get().seen_at
    assert is_signed_in(client)
    assert Session.objects.get().seen_at == before
    Session.objects.update(seen_at=now() - MINUTE - timedelta(seconds=1))
    client.get("/account/", REMOTE_ADDR="192.0.2.9", headers={"User-Agent": "curl/8"})
    session = Session.objects.get()
    assert session.seen_at >= before
    assert (session.address, session.agent) == ("192.0.2.9", "curl/8")


def test_a_browser_that_says_too_much_is_cut_short(staff: User) -> None:
    sign_in(agent="x\t" + "y" * 500)
    assert Session.objects.get().agent == "x" + "y" * 199


def test_sessions_are_listed_and_ended_one_by_one(staff: User, admin: User) -> None:
    here, there = sign_in("192.0.2.1"), sign_in("192.0.2.2", agent="curl/8")
    sign_in(username="admin", agent="secret")
    page = here.get("/account/").content.decode()
    assert "Firefox on Linux" in page
    assert "curl/8" in page
    assert "secret" not in page
    (ending,) = re.findall(r"/account/sessions/\d+/end/", page)
    answer = here.post(ending)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert told("user.session_ended") == [("user.session_ended", staff.pk, staff.pk, "", "192.0.2.1")]
    assert "There is no such session" in here.post(ending, follow=True).content.decode()


def test_nobody_ends_the_session_of_another(client_of: ClientOf, staff: User, admin: User) -> None:
    theirs = client_of(admin)
    session = Session.objects.get(user=admin)
    client_of(staff).post(f"/account/sessions/{session.pk}/end/")
    assert is_signed_in(theirs)
    with pytest.raises(Forbidden):
        actions.end_session(user=admin, session_id=session.pk, by=acting(staff, via="form"))
    assert is_signed_in(theirs)


def test_an_administrator_ends_sessions_of_others(client_of: ClientOf, staff: User, admin: User) -> None:
    first, second = client_of(staff), client_of(staff)
    by = acting(admin, via="form")
    session = living_sessions(staff).first()
    assert session is not None
    actions.end_session(user=staff, session_id=session.pk, by=by)
    assert sorted([is_signed_in(first), is_signed_in(second)]) == [False, True]
    actions.sign_out_everywhere(user=staff, by=by)
    assert not is_signed_in(first)
    assert not is_signed_in(second)
    assert not living_sessions(staff).exists()


def test_a_new_password_leaves_one_session_in_the_list(client_of: ClientOf, staff: User) -> None:
    here = client_of(staff)
    client_of(staff)
    new = "another long enough one"
    here.post("/account/password/", {"current": PASSWORD, "new": new, "repeated": new})
    assert is_signed_in(here)
    assert living_sessions(staff).count() == 1


def test_deactivating_ends_sessions_and_tokens_for_good(
    client_of: ClientOf, api_of: Callable[..., ApiClient], staff: User, admin: User
) -> None:
    client, api = client_of(staff), api_of(staff)
    by = acting(admin, via="form")
    actions.update_user(user_id=staff.pk, by=by, values={}, is_active=False)
    assert not is_signed_in(client)
    assert api.get("customers").status_code == 401
    assert not Session.objects.filter(user=staff).exists()
    assert not ApiToken.objects.filter(user=staff, revoked_at=None).exists()
    actions.update_user(user_id=staff.pk, by=by, values={}, is_active=True)
    assert not is_signed_in(client)
    assert api.get("customers").status_code == 401
    assert is_signed_in(sign_in())


def test_a_session_that_is_over_counts_no_more_and_is_forgotten(staff: User, admin: User) -> None:
    client = sign_in()
    Session.objects.update(expires_at=now())
    assert not is_signed_in(client)
    other = sign_in(username="admin")
    actions.forget_sessions()
    assert [session.user for session in Session.objects.all()] == [admin]
    assert is_signed_in(other)


def test_a_key_that_a_browser_made_up_is_not_taken(client: Client, staff: User) -> None:
    client.cookies["sessionid"] = "a" * 32
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert client.cookies["sessionid"].value != "a" * 32
    assert not SessionStore().exists("a" * 32)


def test_the_key_of_before_the_sign_in_opens_nothing(client: Client, staff: User) -> None:
    client.post("/sign-out/")
    client.get("/sign-in/code/")  # leaves a message, so that there is a session
    before = client.cookies["sessionid"].value
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert is_signed_in(client)
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_signed_in(thief)


def test_sign_ins_and_outs_are_told(client: Client, staff: User) -> None:
    client.post("/sign-in/", {"username": "staff", "password": "wrong"})
    client.post("/sign-in/", {"username": "my-password-by-mistake", "password": "wrong"})
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    client.post("/sign-out/")
    pk, here = staff.pk, "127.0.0.1"
    assert told("user.sign_in_failed", "user.signed_in", "user.signed_out") == [
        ("user.sign_in_failed", None, pk, "", here),
        ("user.sign_in_failed", None, 0, "There is no such user.", here),
        ("user.signed_in", pk, pk, "", here),
        ("user.signed_out", pk, pk, "", here),
    ]
    assert not AuditEntry.objects.filter(note__contains="mistake").exists()


def test_a_lock_out_is_told_once(client: Client, staff: User) -> None:
    for _ in range(13):
        client.post("/sign-in/", {"username": "staff", "password": "wrong"})
    failed = ("user.sign_in_failed", None, staff.pk, "", "127.0.0.1")
    locked = ("user.locked_out", None, staff.pk, "Too many wrong passwords.", "127.0.0.1")
    assert told("user.sign_in_failed", "user.locked_out") == [failed] * 10 + [locked]


def allow(user: User, *networks: str) -> None:
    User.objects.filter(pk=user.pk).update(allowed_addresses=list(networks))


def test_sign_in_from_elsewhere_is_refused(staff: User) -> None:
    allow(staff, "192.0.2.0/24", "2001:db8::/32")
    outside = Client(REMOTE_ADDR="198.51.100.1")
    answer = outside.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert "You may not sign in from this address." in answer.content.decode()
    assert not is_signed_in(outside)
    assert told("user.sign_in_refused") == [
        ("user.sign_in_refused", None, staff.pk, "Not from this address.", "198.51.100.1")
    ]
    for address in ("192.0.2.200", "::ffff:192.0.2.200", "2001:db8::1"):
        assert is_signed_in(sign_in(address))


def test_a_wrong_password_from_elsewhere_tells_nothing_of_addresses(staff: User) -> None:
    allow(staff, "192.0.2.0/24")
    outside = Client(REMOTE_ADDR="198.51.100.1")
    answer = outside.post("/sign-in/", {"username": "staff", "password": "wrong"})
    assert "The user name or the password is wrong." in answer.content.decode()


def test_a_session_counts_only_where_its_user_may_come_from(staff: User) -> None:
    inside = sign_in("192.0.2.1")
    allow(staff, "192.0.2.0/24")
    stolen = Client(REMOTE_ADDR="198.51.100.1")
    stolen.cookies["sessionid"] = inside.cookies["sessionid"].value
    answer = stolen.get("/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/account/")
    assert stolen.get("/api/v1/customers").status_code == 401
    assert is_signed_in(inside)
    allow(staff, "203.0.113.0/24")
    assert not is_signed_in(inside)


def test_a_token_counts_only_where_its_user_may_come_from(
    api_of: Callable[..., ApiClient], staff: User
) -> None:
    api = api_of(staff)
    allow(staff, "192.0.2.0/24")
    answer = api.get("customers")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This token's user may not come from this address."
    allow(staff, "127.0.0.0/8")
    assert api.get("customers").status_code == 200


def test_nobody_locks_themselves_out_by_addresses(admin: User, staff: User) -> None:
    by = acting(admin, via="form", address="192.0.2.1")
    networks = {"allowed_addresses": ["198.51.100.0/24"]}
    with pytest.raises(Invalid, match="you would lock yourself out"):
        actions.update_user(user_id=admin.pk, by=by, values=networks)
    actions.update_user(user_id=staff.pk, by=by, values=networks)
    staff.refresh_from_db()
    assert staff.allowed_addresses == ["198.51.100.0/24"]


def test_a_session_of_nobody_is_not_found_by_an_administrator(admin: User, staff: User) -> None:
    with pytest.raises(NotFound):
        actions.end_session(user=staff, session_id=0, by=acting(admin, via="form"))


AGENTS = {
    FIREFOX: "Firefox on Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/140.0.0.0 Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 Firefox/140.0": "Firefox",
    "curl/8.14.1 and more": "curl/8.14.1",
    "": "unknown",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_browsers_are_told_in_words(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words
