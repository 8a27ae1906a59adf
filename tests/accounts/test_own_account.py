"""A user's own account page over HTTP."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actions import authenticate_token, create_token, proving
from linecard.accounts.actor import acting
from linecard.accounts.models import ApiToken, User
from linecard.audit.models import AuditEntry
from linecard.kernel.clock import now
from linecard.kernel.errors import Invalid
from tests.conftest import PASSWORD

NEW = "another long enough one"
ClientOf = Callable[[User], Client]


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_shows_what_is_known(client_of: ClientOf, north_user: User) -> None:
    page = client_of(north_user).get("/account/").content.decode()
    assert 'value="Nora North"' in page
    assert '<option value="UTC" selected>UTC</option>' in page
    assert "nora · North" in page


def test_name_email_and_zone_are_saved(client_of: ClientOf, staff: User) -> None:
    client = client_of(staff)
    given = {"name": "Stella S", "email": "stella@example.com", "time_zone": "Asia/Tokyo"}
    answer = client.post("/account/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    staff.refresh_from_db()
    assert {name: getattr(staff, name) for name in given} == given
    entry = AuditEntry.objects.get(action="user.updated")
    assert entry.user_name == "Stella Staff"
    page = client.get("/account/").content.decode()
    assert "Your account was saved." in page
    assert 'data-time-zone="Asia/Tokyo"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "not an address"), ("time_zone", "Mars/Olympus"), ("name", "x" * 201), ("name", "a\x00b")],
)
def test_a_wrong_value_is_told_at_its_field_and_changes_nothing(
    client_of: ClientOf, staff: User, field: str, value: str
) -> None:
    given = {"name": "Other", "email": "", "time_zone": "UTC", field: value}
    answer = client_of(staff).post("/account/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "data-guard-unsaved" in page
    staff.refresh_from_db()
    assert (staff.name, staff.email, staff.time_zone) == ("Stella Staff", "", "UTC")


def test_a_new_password_ends_the_other_sessions_only(client_of: ClientOf, staff: User) -> None:
    here, elsewhere = client_of(staff), client_of(staff)
    answer = here.post("/account/password/", {"current": PASSWORD, "new": NEW, "repeated": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    staff.refresh_from_db()
    assert staff.check_password(NEW)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"current": "wrong"}, "current", "This is not your present password."),
        ({"repeated": NEW + "x"}, "repeated", "The two new passwords differ."),
        ({"new": "short", "repeated": "short"}, "new", "at least 10 characters"),
        ({"new": "password123", "repeated": "password123"}, "new", "too common"),
        ({"new": ""}, "new", "This field is required."),
    ],
)
def test_a_refused_password_says_why_and_stays_secret(
    client_of: ClientOf, staff: User, typed: dict[str, str], field: str, message: str
) -> None:
    client = client_of(staff)
    answer = client.post("/account/password/", {"current": PASSWORD, "new": NEW, "repeated": NEW, **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert message in page
    assert PASSWORD not in page
    assert NEW not in page
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
    assert is_signed_in(client)


def test_ten_wrong_passwords_close_every_question_for_one(
    client_of: ClientOf, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(staff)
    wrong = {"current": "wrong", "new": NEW, "repeated": NEW}
    for _ in range(10):
        page = client.post("/account/password/", wrong).content.decode()
        assert "This is not your present password." in page
    answer = client.post("/account/password/", {"current": PASSWORD, "new": NEW, "repeated": NEW})
    assert "Too many wrong passwords. Wait a quarter of an hour." in answer.content.decode()
    with pytest.raises(Invalid, match="Too many wrong passwords"):
        actions.drop_own_second_factor(password=PASSWORD, by=acting(staff, via="form"))
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
    assert AuditEntry.objects.filter(action="user.proof_failed", subject_id=staff.pk).count() == 10
    later = now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(proving, "now", lambda: later)
    actions.change_own_password(current=PASSWORD, new=NEW, by=acting(staff, via="form"))


def test_sign_out_everywhere_ends_all_sessions(client_of: ClientOf, staff: User, admin: User) -> None:
    here, elsewhere, other = client_of(staff), client_of(staff), client_of(admin)
    answer = here.post("/account/sign-out-everywhere/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert [is_signed_in(client) for client in (here, elsewhere, other)] == [False, False, True]
    assert AuditEntry.objects.filter(action="user.signed_out_everywhere", subject_id=staff.pk).exists()


def test_a_token_is_made_shown_once_and_revoked(client_of: ClientOf, staff: User) -> None:
    client = client_of(staff)
    answer = client.post("/account/tokens/", {"read_only": "on", "expires_days": "30"})
    assert answer.status_code == 200
    (secret,) = set(re.findall(r"lc_[\w-]{43}", answer.content.decode()))
    token = authenticate_token(secret)
    assert token is not None
    assert (token.user, token.kind, token.read_only) == (staff, "api", True)
    assert token.expires_at == pytest.approx(token.created_at + timedelta(days=30), abs=timedelta(seconds=5))
    page = client.get("/account/").content.decode()
    assert secret not in page
    assert f"{secret[:8]}…" in page
    answer = client.post(f"/account/tokens/{token.pk}/revoke/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert authenticate_token(secret) is None
    assert f'aria-label="Revoke {secret[:8]}' not in client.get("/account/").content.decode()


@pytest.mark.parametrize("days", ["0", "-1", "3651", "soon", "9" * 30])
def test_a_wrong_time_makes_no_token(client_of: ClientOf, staff: User, days: str) -> None:
    answer = client_of(staff).post("/account/tokens/", {"expires_days": days})
    assert answer.status_code == 422
    assert 'id="id_expires_days_error"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_sees_or_revokes_the_token_of_another(client_of: ClientOf, staff: User, admin: User) -> None:
    token, secret = create_token(user=staff, by=acting(staff, via="form"))
    client = client_of(admin)
    assert secret[:8] not in client.get("/account/").content.decode()
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert authenticate_token(secret) is not None
