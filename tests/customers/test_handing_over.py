"""Giving all cards of one account manager to another, and the button of one's own customers."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.actions import managers
from linecard.customers.models import Customer
from linecard.kernel.errors import Forbidden, Invalid
from tests.conftest import PASSWORD, ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]
ClientOf = Callable[[User], Client]


@pytest.fixture
def leaver(db: None) -> User:
    """An account manager who leaves."""
    return accounts.create_user(username="lea", name="Lea Leaver", password=PASSWORD, by=command_actor())


def managers_of_cards() -> dict[str, int | None]:
    return dict(Customer.objects.values_list("name", "account_manager_id"))


def address(user: User) -> str:
    return f"/account-managers/{user.pk}/hand-over/"


def test_blocks_follow_each_other_until_none_remains(
    leaver: User, staff: User, by: UserActor, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(managers, "BLOCK", 2)
    for name in "ABC":
        make_customer(name, account_manager=leaver.pk)
    other = make_customer("Other", account_manager=staff.pk)
    done = actions.hand_over_cards(manager_id=leaver.pk, to_id=staff.pk, by=by)
    assert (done.changed, done.remaining, done.kept) == (3, 0, 0)
    assert managers_of_cards() == dict.fromkeys(["A", "B", "C", "Other"], staff.pk)
    told = AuditEntry.objects.filter(note="Handed over")
    assert [(entry.action, entry.version, entry.changes) for entry in told] == [
        ("customer.updated", 2, {"account_manager": [leaver.pk, staff.pk]})
    ] * 3
    other.refresh_from_db()
    assert other.version == 1


def test_an_archived_card_does_not_come_back_with_who_left(
    leaver: User, staff: User, by: UserActor, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    make_customer("Live", account_manager=leaver.pk)
    archived = make_customer("Archived", account_manager=leaver.pk)
    actions.archive_customer(customer_id=archived.pk, by=by)
    client = client_of(staff)
    page = client.get(address(leaver)).content.decode()
    assert "<strong>2</strong> customers (1 of them archived)." in page
    client.post(address(leaver), {"to": staff.pk})
    actions.restore_customer(customer_id=archived.pk, by=by)
    assert managers_of_cards() == {"Live": staff.pk, "Archived": staff.pk}


def test_who_cannot_be_in_charge(
    leaver: User, by: UserActor, make_customer: MakeCustomer, north_user: User, south_user: User
) -> None:
    make_customer("A", account_manager=leaver.pk)
    before = managers_of_cards()
    accounts.update_user(user_id=south_user.pk, values={}, is_active=False, by=_administrator())
    for to_id in (leaver.pk, south_user.pk, 987_654):
        with pytest.raises(Invalid):
            actions.hand_over_cards(manager_id=leaver.pk, to_id=to_id, by=by)
    with pytest.raises(Invalid):  # a reseller's user does not even know of the staff
        actions.hand_over_cards(manager_id=leaver.pk, to_id=leaver.pk, by=acting(north_user, via="form"))
    assert managers_of_cards() == before


def _administrator() -> UserActor:
    user = accounts.create_user(username="root", password=PASSWORD, is_administrator=True, by=command_actor())
    return acting(user, via="form")


def test_a_resellers_user_gets_only_cards_that_they_see(
    leaver: User,
    north: Reseller,
    north_user: User,
    staff: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
) -> None:
    make_customer("Northern", reseller=north.pk, account_manager=leaver.pk)
    make_customer("Free", account_manager=leaver.pk)
    response = client_of(staff).post(address(leaver), {"to": north_user.pk}, follow=True)
    assert managers_of_cards() == {"Northern": north_user.pk, "Free": leaver.pk}
    assert [str(message) for message in response.context["messages"]] == [
        "Handed over from Lea Leaver to Nora North: 1 card.",
        "Left with Lea Leaver, because Nora North is not of their reseller: 1 card.",
    ]


def test_a_resellers_user_hands_over_only_the_resellers_cards(
    north: Reseller, north_user: User, make_customer: MakeCustomer, client_of: ClientOf, leaver: User
) -> None:
    colleague = accounts.create_user(username="nick", password=PASSWORD, reseller=north, by=command_actor())
    make_customer("Northern", reseller=north.pk, account_manager=colleague.pk)
    client = client_of(north_user)
    assert client.get(address(leaver)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(address(colleague), {"to": leaver.pk}).status_code == 422
    assert client.post(address(colleague), {"to": north_user.pk}).status_code == HTTPStatus.FOUND
    assert managers_of_cards() == {"Northern": north_user.pk}


def test_the_page_hands_over_to_nobody_too(
    leaver: User, staff: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    make_customer("A", account_manager=leaver.pk)
    client = client_of(staff)
    page = client.get(address(leaver)).content.decode()
    assert "<strong>1</strong> customer." in page
    assert client.post(address(leaver), {"to": ""}).status_code == 422
    assert managers_of_cards() == {"A": leaver.pk}
    assert client.post(address(leaver), {"to": "none"}).headers["Location"] == "/customers/"
    assert managers_of_cards() == {"A": None}
    assert "is the account manager of no customer" in client.get(address(leaver)).content.decode()
    for number in (0, 2**63, 10**30):
        assert client.get(f"/account-managers/{number}/hand-over/").status_code == HTTPStatus.NOT_FOUND


def test_when_the_time_is_up_the_page_says_how_many_remain(
    leaver: User,
    staff: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(managers, "BLOCK", 1)
    monkeypatch.setattr(managers, "MAX_SECONDS", -1.0)
    for name in "AB":
        make_customer(name, account_manager=leaver.pk)
    response = client_of(staff).post(address(leaver), {"to": staff.pk})
    assert response.status_code == HTTPStatus.OK
    assert "Still to be handed over: 1 card. Go on." in response.content.decode()
    assert sorted(managers_of_cards().values(), key=str) == sorted([leaver.pk, staff.pk], key=str)


def test_it_takes_the_permission(leaver: User, staff: User, client_of: ClientOf) -> None:
    reader = accounts.create_user(
        username="rita",
        password=PASSWORD,
        groups=[accounts.ready_made_group("read_only")],
        by=command_actor(),
    )
    with pytest.raises(Forbidden):
        actions.hand_over_cards(manager_id=leaver.pk, to_id=staff.pk, by=acting(reader, via="form"))
    client = client_of(reader)
    assert client.get(address(leaver)).status_code == HTTPStatus.FORBIDDEN
    assert client.post(address(leaver), {"to": staff.pk}).status_code == HTTPStatus.FORBIDDEN


def test_a_program_hands_over_once(
    leaver: User, staff: User, make_customer: MakeCustomer, api_of: ApiOf
) -> None:
    for name in "AB":
        make_customer(name, account_manager=leaver.pk)
    api, path = api_of(staff), f"users/{leaver.pk}/hand-over"
    again = {"Idempotency-Key": "leaving"}
    for replayed in (None, "true"):
        answer = api.post(path, {"to": staff.pk}, headers=again)
        assert (answer.status_code, answer.json()) == (200, {"changed": 2, "remaining": 0, "kept": 0})
        assert answer.headers.get("Idempotent-Replayed") == replayed
    told = AuditEntry.objects.filter(note="Handed over")
    assert [(entry.via, entry.user_id, entry.version) for entry in told] == [("api", staff.pk, 2)] * 2
    assert api.post(f"users/{staff.pk}/hand-over", {"to": None}).json()["changed"] == 2
    assert managers_of_cards() == {"A": None, "B": None}


@pytest.mark.parametrize(
    "body", [{"to": "x"}, {}, {"to": 2**63}, {"to": 10**30}, {"to": 0}, {"to": 1, "a": 1}]
)
def test_a_program_is_told_what_is_wrong(
    leaver: User, staff: User, make_customer: MakeCustomer, api_of: ApiOf, body: dict[str, object]
) -> None:
    make_customer("A", account_manager=leaver.pk)
    answer = api_of(staff).post(f"users/{leaver.pk}/hand-over", body)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 1)
    assert managers_of_cards() == {"A": leaver.pk}


def test_a_program_of_a_reseller_reaches_only_its_own(
    north: Reseller,
    north_user: User,
    south_user: User,
    leaver: User,
    make_customer: MakeCustomer,
    api_of: ApiOf,
) -> None:
    make_customer("Northern", reseller=north.pk, account_manager=north_user.pk)
    make_customer("Free", account_manager=leaver.pk)
    before = managers_of_cards()
    south = api_of(south_user)
    for user_id in (north_user.pk, leaver.pk, 987_654, 10**30):
        assert south.post(f"users/{user_id}/hand-over", {"to": south_user.pk}).status_code == 404
    north_api = api_of(north_user)
    for to_id in (south_user.pk, leaver.pk):
        assert north_api.post(f"users/{north_user.pk}/hand-over", {"to": to_id}).status_code == 422
    assert managers_of_cards() == before


def test_my_customers_is_a_button(staff: User, client_of: ClientOf) -> None:
    page = client_of(staff).get("/customers/").content.decode()
    assert f'data-grid-action="mine" data-manager="{staff.pk}"' in page
