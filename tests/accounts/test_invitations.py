"""Invitations: a link that opens once, within a week, to choose a password."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.accounts.queries import living_sessions
from linecard.audit.models import AuditEntry
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Forbidden, NotFound
from tests.conftest import PASSWORD

CHOSEN = "chosen by the invited"
GONE = "This invitation opens nothing any more"


@pytest.fixture
def invited(admin: User) -> User:
    """Somebody who has no password yet."""
    return actions.create_user(username="ivy", by=acting(admin, via="form"))


@pytest.fixture
def invite(admin: User, invited: User) -> Callable[[], str]:
    """Make a link for them."""
    return lambda: actions.invite_user(user=invited, by=acting(admin, via="form"))


def choose(link: str, password: str = CHOSEN, repeated: str | None = None) -> tuple[int, str]:
    """The status and the page of choosing a password, where that leads on, the address."""
    given = {"link": link, "new": password, "repeated": password if repeated is None else repeated}
    answer = Client().post("/invitation/", given)
    return answer.status_code, answer.get("Location") or answer.content.decode()


def can_sign_in(user: User, password: str) -> bool:
    client = Client()
    client.post("/sign-in/", {"username": user.username, "password": password})
    return client.get("/account/").status_code == 200


def test_the_link_opens_the_page_and_the_password_signs_in(invited: User, invite: Callable[[], str]) -> None:
    link = invite()
    page = Client().get("/invitation/", {"link": link})
    assert page.status_code == 200
    assert "<strong>ivy</strong>" in page.content.decode()
    assert choose(link) == (302, "/sign-in/")
    assert can_sign_in(invited, CHOSEN)
    entries = AuditEntry.objects.filter(action__in=("user.invited", "user.invitation_used")).order_by("id")
    assert [(entry.action, entry.user_name) for entry in entries] == [
        ("user.invited", "Ada"),
        ("user.invitation_used", "ivy"),
    ]


def test_it_opens_once(invited: User, invite: Callable[[], str]) -> None:
    link = invite()
    choose(link)
    status, page = choose(link, "another that is long enough")
    assert status == 404
    assert GONE in page
    assert can_sign_in(invited, CHOSEN)


def test_the_sessions_of_a_former_password_end(admin: User, staff: User) -> None:
    theirs = Client()
    theirs.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    link = actions.invite_user(user=staff, by=acting(admin, via="form"))
    assert living_sessions(staff).count() == 1
    assert choose(link)[0] == 302
    assert living_sessions(staff).count() == 0
    assert theirs.get("/account/").status_code == 302


def test_a_newer_one_replaces_it(invited: User, invite: Callable[[], str]) -> None:
    former, newer = invite(), invite()
    assert choose(former)[0] == 404
    assert choose(newer)[0] == 302


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=7), 404), (timedelta(days=6, hours=23), 302)])
def test_it_opens_for_seven_days(
    admin: User, invited: User, monkeypatch: pytest.MonkeyPatch, age: timedelta, status: int
) -> None:
    from linecard.accounts.actions import invitations

    made = now() - age
    with monkeypatch.context() as past:
        past.setattr(invitations, "now", lambda: made)
        link = actions.invite_user(user=invited, by=acting(admin, via="form"))
    assert choose(link)[0] == status


def test_a_password_of_an_administrator_ends_it(
    admin: User, invited: User, invite: Callable[[], str]
) -> None:
    link = invite()
    actions.set_password(user=invited, password=PASSWORD, by=acting(admin, via="form"))
    assert choose(link)[0] == 404


def test_deactivating_ends_it(admin: User, invited: User, invite: Callable[[], str]) -> None:
    link, by = invite(), acting(admin, via="form")
    actions.update_user(user_id=invited.pk, by=by, values={}, is_active=False)
    assert choose(link)[0] == 404
    invited.refresh_from_db()
    with pytest.raises(Conflict):
        actions.invite_user(user=invited, by=by)


@pytest.mark.parametrize(
    ("password", "repeated", "message"),
    [
        ("short", "short", "at least 10 characters"),
        ("password123", "password123", "too common"),
        (CHOSEN, CHOSEN + "x", "The two passwords differ."),
    ],
)
def test_a_refused_password_leaves_it_open(
    invited: User, invite: Callable[[], str], password: str, repeated: str, message: str
) -> None:
    link = invite()
    status, page = choose(link, password, repeated)
    assert status == 422
    assert message in page
    assert choose(link)[0] == 302


@pytest.mark.parametrize(
    "spoil", ["", ".", "x", "{pk}.", "{pk}.0000", "{pk}.é", "²{rest}", "9{link}", "{link}0"]
)
def test_a_wrong_link_opens_nothing(invited: User, invite: Callable[[], str], spoil: str) -> None:
    link = invite()
    wrong = spoil.format(pk=invited.pk, link=link, rest=link[1:])
    assert choose(wrong)[0] == 404
    assert Client().get("/invitation/", {"link": wrong}).status_code == 404
    assert not can_sign_in(invited, CHOSEN)


def test_the_link_of_one_opens_no_other(admin: User, invited: User, invite: Callable[[], str]) -> None:
    signature = invite().partition(".")[2]
    assert choose(f"{admin.pk}.{signature}")[0] == 404


def test_who_manages_no_users_invites_nobody(staff: User, north_user: User, invited: User) -> None:
    for user in (staff, north_user):
        with pytest.raises((Forbidden, NotFound)):
            actions.invite_user(user=invited, by=acting(user, via="form"))
