"""The second factor: set up, asked for at sign-in, taken off."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography.fernet import Fernet
from django.db import connections
from django.test import Client
from pytest_django import Settings

from linecard.accounts import actions, entrance
from linecard.accounts.actions import second_factor
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import RecoveryCode, SecondFactor, User
from linecard.accounts.queries import confirmed_factor, secret_to_confirm
from linecard.audit.models import AuditEntry
from linecard.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.conftest import PASSWORD

ClientOf = Callable[[User], Client]
WRONG = "This code is wrong, or was used already."
HOME = "127.0.0.1"


class Clock:
    """A clock that a test moves; the factor and its page look at it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 4, 12, 0, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: int) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(second_factor, "now", made)
    monkeypatch.setattr(entrance, "now", made)
    return made


class App:
    """A phone's app that knows the secret."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._made = pyotp.TOTP(secret)
        self._clock = clock

    def code(self) -> str:
        """The code of this moment."""
        return self._made.at(self._clock())

    def wrong_code(self) -> str:
        """A code that is not one of the moments around."""
        near = {self._made.at(self._clock() + timedelta(seconds=30 * step)) for step in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def set_up(user: User, clock: Clock) -> tuple[App, list[str]]:
    """Give the user a second factor; its app, half a minute later, and its recovery codes."""
    actions.begin_second_factor(user=user)
    app = App(secret_to_confirm(user) or "", clock)
    codes = actions.confirm_second_factor(password=PASSWORD, code=app.code(), by=acting(user, via="form"))
    clock.forward(seconds=30)
    return app, codes


def give_password(client: Client, **more: str) -> None:
    answer = client.post("/sign-in/", {"username": "staff", "password": PASSWORD, **more})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/code/")


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def told(action: str) -> list[tuple[int | None, str, str | None]]:
    entries = AuditEntry.objects.filter(action=action).order_by("id")
    return [(entry.user_id, entry.note, entry.address) for entry in entries]


def test_set_up_on_the_pages(client_of: ClientOf, staff: User, clock: Clock) -> None:
    client = client_of(staff)
    assert client.get("/account/second-factor/")["Location"] == "/account/"
    assert client.post("/account/second-factor/begin/")["Location"] == "/account/second-factor/"
    page = client.get("/account/second-factor/").content.decode()
    secret = secret_to_confirm(staff)
    assert secret is not None
    (shown,) = re.findall(r'id="second-factor-key">([^<]+)<', page)
    assert shown.replace(" ", "") == secret
    assert 'src="data:image/svg+xml' in page
    assert confirmed_factor(staff) is None
    given = {"code": App(secret, clock).code(), "password": PASSWORD}
    answer = client.post("/account/second-factor/confirm/", given)
    codes = re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", answer.content.decode())
    assert (answer.status_code, len(set(codes))) == (200, 10)
    factor = confirmed_factor(staff)
    assert factor is not None
    assert factor.confirmed_at == clock.at
    assert codes[0] not in client.get("/account/second-factor/").content.decode()
    assert "10 recovery codes left" in client.get("/account/").content.decode()
    assert told("user.second_factor_set_up") == [(staff.pk, "", HOME)]


def test_what_is_kept_tells_neither_secret_nor_codes(staff: User, clock: Clock) -> None:
    _, codes = set_up(staff, clock)
    kept = SecondFactor.objects.get()
    assert not re.fullmatch("[A-Z2-7]{32}", kept.secret)
    hashes = set(RecoveryCode.objects.values_list("hash", flat=True))
    assert len(hashes) == 10
    assert not hashes & set(codes)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"code": "no"}, "code"), ({"password": "wrong"}, "password"), ({"code": ""}, "code")],
)
def test_a_wrong_proof_sets_nothing_up(
    client_of: ClientOf, staff: User, clock: Clock, given: dict[str, str], field: str
) -> None:
    actions.begin_second_factor(user=staff)
    code = App(secret_to_confirm(staff) or "", clock).code()
    answer = client_of(staff).post(
        "/account/second-factor/confirm/", {"code": code, "password": PASSWORD, **given}
    )
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert confirmed_factor(staff) is None


def test_sign_in_asks_for_a_code_after_the_password(client: Client, staff: User, clock: Clock) -> None:
    app, _ = set_up(staff, clock)
    give_password(client, next="/account/#tokens")
    assert not is_signed_in(client)
    assert client.get("/api/v1/customers").status_code == 401
    assert "Six digits" in client.get("/sign-in/code/").content.decode()
    answer = client.post("/sign-in/code/", {"code": app.code()})
    assert (answer.status_code, answer["Location"]) == (302, "/account/#tokens")
    assert is_signed_in(client)
    assert told("user.signed_in") == [(staff.pk, "With a code of the app.", HOME)]


def test_the_key_of_the_session_changes_with_each_step(client: Client, staff: User, clock: Clock) -> None:
    app, _ = set_up(staff, clock)
    give_password(client)
    waiting = client.cookies["sessionid"].value
    client.post("/sign-in/code/", {"code": app.code()})
    assert client.cookies["sessionid"].value != waiting
    thief = Client()
    thief.cookies["sessionid"] = waiting
    assert not is_signed_in(thief)
    assert thief.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_a_code_counts_once(staff: User, clock: Clock) -> None:
    app, _ = set_up(staff, clock)
    first, second = Client(), Client()
    give_password(first)
    give_password(second)
    code = app.code()
    first.post("/sign-in/code/", {"code": code})
    answer = second.post("/sign-in/code/", {"code": code})
    assert WRONG in answer.content.decode()
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_the_code_of_the_set_up_does_not_count_again(client: Client, staff: User, clock: Clock) -> None:
    app, _ = set_up(staff, clock)
    clock.forward(seconds=-30)
    give_password(client)
    assert WRONG in client.post("/sign-in/code/", {"code": app.code()}).content.decode()


def test_a_recovery_code_counts_once(staff: User, clock: Clock) -> None:
    _, codes = set_up(staff, clock)
    for signed_in in (True, False):
        client = Client()
        give_password(client)
        client.post("/sign-in/code/", {"code": codes[3].upper()})
        assert is_signed_in(client) is signed_in
    assert RecoveryCode.objects.filter(used_at=None).count() == 9
    assert told("user.signed_in") == [(staff.pk, "With a recovery code.", HOME)]


def test_nobody_elses_recovery_code_counts(client: Client, staff: User, admin: User, clock: Clock) -> None:
    set_up(staff, clock)
    _, codes = set_up(admin, clock)
    give_password(client)
    assert WRONG in client.post("/sign-in/code/", {"code": codes[0]}).content.decode()


def test_new_recovery_codes_replace_the_former(client_of: ClientOf, staff: User, clock: Clock) -> None:
    _, former = set_up(staff, clock)
    client = client_of(staff)
    refused = client.post("/account/second-factor/codes/", {"password": "wrong"})
    assert refused.status_code == 422
    page = client.post("/account/second-factor/codes/", {"password": PASSWORD}).content.decode()
    codes = re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", page)
    assert len(codes) == 10
    assert not actions.check_code(user=staff, code=former[0], address=None).accepted
    assert actions.check_code(user=staff, code=codes[0], address=None).accepted


def test_ten_wrong_codes_close_it_for_a_quarter_of_an_hour_everywhere(staff: User, clock: Clock) -> None:
    app, codes = set_up(staff, clock)
    for number in range(9):
        elsewhere = Client(REMOTE_ADDR=f"192.0.2.{number}")
        give_password(elsewhere)
        assert elsewhere.post("/sign-in/code/", {"code": app.wrong_code()}).status_code == 200
    client = Client(REMOTE_ADDR="192.0.2.9")
    give_password(client)
    answer = client.post("/sign-in/code/", {"code": app.wrong_code()})
    assert answer.status_code == 429
    assert "<strong>15 minutes</strong>" in answer.content.decode()
    assert answer["Retry-After"] == "900"
    clock.forward(minutes=5)
    for code in (app.code(), codes[0]):
        answer = client.post("/sign-in/code/", {"code": code})
        assert answer.status_code == 429
        assert "<strong>10 minutes</strong>" in answer.content.decode()
    assert len(told("user.sign_in_failed")) == 10
    assert told("user.locked_out") == [(None, "Too many wrong codes.", "192.0.2.9")]
    clock.forward(minutes=10)
    give_password(client)
    client.post("/sign-in/code/", {"code": app.code()})
    assert is_signed_in(client)
    assert SecondFactor.objects.get().failures == 0


def test_the_password_is_forgotten_after_ten_minutes(client: Client, staff: User, clock: Clock) -> None:
    app, _ = set_up(staff, clock)
    give_password(client)
    clock.forward(minutes=10, seconds=1)
    answer = client.post("/sign-in/code/", {"code": app.code()})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert not is_signed_in(client)


def test_without_a_password_there_is_no_page_for_the_code(client: Client, staff: User) -> None:
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


@pytest.mark.parametrize("change", ["password", "deactivated", "signed out everywhere"])
def test_what_happens_meanwhile_ends_the_waiting(
    client: Client, staff: User, admin: User, clock: Clock, change: str
) -> None:
    app, _ = set_up(staff, clock)
    give_password(client)
    by = acting(admin, via="form")
    if change == "password":
        actions.set_password(user=staff, password="another long enough one", by=by)
    elif change == "deactivated":
        actions.update_user(user_id=staff.pk, by=by, values={}, is_active=False)
    else:
        actions.sign_out_everywhere(user=staff, by=by)
    assert client.post("/sign-in/code/", {"code": app.code()})["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_switched_off_with_the_password_only(
    client_of: ClientOf, client: Client, staff: User, clock: Clock
) -> None:
    set_up(staff, clock)
    owner = client_of(staff)
    assert owner.post("/account/second-factor/off/", {"password": "wrong"}).status_code == 422
    assert confirmed_factor(staff) is not None
    assert owner.post("/account/second-factor/off/", {"password": PASSWORD})["Location"] == "/account/"
    assert confirmed_factor(staff) is None
    client.post("/sign-in/", {"username": "staff", "password": PASSWORD})
    assert is_signed_in(client)
    assert told("user.second_factor_taken_off") == [(staff.pk, "", HOME)]


def test_a_second_set_up_is_refused(client_of: ClientOf, staff: User, clock: Clock) -> None:
    set_up(staff, clock)
    kept = SecondFactor.objects.get().secret
    client_of(staff).post("/account/second-factor/begin/")
    assert SecondFactor.objects.get().secret == kept
    with pytest.raises(Conflict, match="There is a second factor already"):
        actions.begin_second_factor(user=staff)


def test_an_administrator_takes_the_factor_of_others_off(admin: User, staff: User, clock: Clock) -> None:
    set_up(staff, clock)
    actions.drop_second_factor(user=staff, by=acting(admin, via="form"))
    assert confirmed_factor(staff) is None
    with pytest.raises(Conflict):
        actions.drop_second_factor(user=staff, by=acting(admin, via="form"))


def test_ones_own_factor_is_not_taken_off_as_that_of_another(admin: User, clock: Clock) -> None:
    set_up(admin, clock)
    with pytest.raises(Forbidden):
        actions.drop_second_factor(user=admin, by=acting(admin, via="form"))
    actions.drop_second_factor(user=admin, by=command_actor())
    assert confirmed_factor(admin) is None


def test_who_manages_no_users_takes_no_factor_off(
    admin: User, staff: User, north_user: User, clock: Clock
) -> None:
    set_up(admin, clock)
    for user in (staff, north_user):
        with pytest.raises((Forbidden, NotFound)):
            actions.drop_second_factor(user=admin, by=acting(user, via="form"))
    assert confirmed_factor(admin) is not None


def test_without_its_key_only_recovery_codes_count(staff: User, clock: Clock, settings: Settings) -> None:
    app, codes = set_up(staff, clock)
    settings.SEALING_KEY = Fernet.generate_key().decode()
    assert not actions.check_code(user=staff, code=app.code(), address=None).accepted
    assert actions.check_code(user=staff, code=codes[0], address=None).accepted


def test_a_set_up_whose_key_was_lost_begins_again(
    client_of: ClientOf, staff: User, settings: Settings
) -> None:
    actions.begin_second_factor(user=staff)
    settings.SEALING_KEY = Fernet.generate_key().decode()
    assert client_of(staff).get("/account/second-factor/")["Location"] == "/account/"
    with pytest.raises(Invalid):
        actions.confirm_second_factor(password=PASSWORD, code="123456", by=acting(staff, via="form"))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_give_the_same_code_at_once_one_comes_in(staff: User, clock: Clock) -> None:
    app, codes = set_up(staff, clock)

    def give(code: str) -> bool:
        try:
            return actions.check_code(user=staff, code=code, address=None).accepted
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give, [app.code()] * 4)) == [False, False, False, True]
        assert sorted(pool.map(give, [codes[0]] * 4)) == [False, False, False, True]
