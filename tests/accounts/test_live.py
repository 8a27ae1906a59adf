"""The stream of changes: who hears what, and until when."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linecard.accounts import actions, live
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import Reseller, Session, User
from linecard.customers import actions as customers
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.models import Customer
from linecard.customers.queries import visible_to
from linecard.kernel.clock import now
from linecard.web.live import announce, hub
from linecard.web.live.listener import APPLICATION_NAME
from tests.accounts.live_pages import OpenPage, cookie_of, do, open_page, play
from tests.conftest import PASSWORD, MakeCustomer

__all__ = ["play"]

pytestmark = pytest.mark.django_db(transaction=True)

Play = Callable[[Coroutine[Any, Any, None]], None]

MANY_PAGES = 200
THE_TESTS_OWN = ""


@asynccontextmanager
async def pages(*users: User) -> AsyncIterator[list[OpenPage]]:
    """A page of each of these users, each of which hears everything that it may."""
    async with AsyncExitStack() as opened:
        cookies = {user: await do(cookie_of, user) for user in dict.fromkeys(users)}
        found = []
        for user in users:
            page = await opened.enter_async_context(open_page(cookies[user]))
            await page.ready()
            found.append(page)
        yield found


def edit(card: Customer, by: User, **values: Any) -> None:
    customers.update_customer(customer_id=card.pk, values=values, by=acting(by, via="form"))


def links() -> list[str]:
    """Who holds a connection to this database besides this thread."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sorted(name for (name,) in cursor.fetchall())


def cut_the_listener() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [APPLICATION_NAME],
        )


def bare_cards(count: int) -> list[int]:
    moment = now()
    cards = (
        Customer(name=f"C{n}", name_key=f"c{n}", currency="EUR", created_at=moment, updated_at=moment)
        for n in range(count)
    )
    return sorted(card.pk for card in Customer.objects.bulk_create(cards))


def test_a_page_hears_of_a_card_that_is_made_and_changed(
    play: Play, staff: User, make_customer: MakeCustomer
) -> None:
    async def scene() -> None:
        async with pages(staff) as [page]:
            card = await do(make_customer)
            assert await page.changed() == ("customers", [card.pk])
            await do(edit, card, staff, city="York")
            assert await page.changed() == ("customers", [card.pk])
            assert page.status == 200
            assert page.headers["content-type"] == "text/event-stream"
            assert page.headers["cache-control"] == "private, no-store"
            assert page.headers["x-accel-buffering"] == "no"
            assert "content-encoding" not in page.headers

    play(scene())


def test_what_is_taken_back_is_not_told(play: Play, staff: User, make_customer: MakeCustomer) -> None:
    def make_in_vain() -> None:
        with transaction.atomic():
            make_customer("In vain")
            transaction.set_rollback(True)

    async def scene() -> None:
        async with pages(staff) as [page]:
            await do(make_in_vain)
            card = await do(make_customer, "Real")
            assert await page.changed() == ("customers", [card.pk])

    play(scene())


@pytest.mark.parametrize(("count", "one_by_one"), [(200, True), (201, False)])
def test_more_cards_than_two_hundred_are_many(play: Play, staff: User, count: int, one_by_one: bool) -> None:
    async def scene() -> None:
        async with pages(staff) as [page]:
            ids = await do(bare_cards, count)
            told = ("customers", ids if one_by_one else None)
            assert await page.changed() == told
            await do(Customer.objects.update, cps=1)
            assert await page.changed() == told
            await do(Customer.objects.all().delete)
            assert await page.changed() == told

    play(scene())


def test_a_resellers_page_hears_of_its_own_cards_alone(
    play: Play,
    staff: User,
    north: Reseller,
    north_user: User,
    south_user: User,
    make_customer: MakeCustomer,
) -> None:
    card = make_customer("Of North", reseller=north.pk)
    nobodys = make_customer("Of nobody")

    async def scene() -> None:
        async with pages(staff, north_user, south_user) as [of_staff, of_north, of_south]:
            await do(edit, nobodys, staff, city="Hull")
            assert await of_staff.changed() == ("customers", [nobodys.pk])
            await do(edit, card, staff, city="York")
            assert await of_staff.changed() == ("customers", [card.pk])
            assert await of_north.changed() == ("customers", [card.pk])
            await do(edit, card, staff, reseller=south_user.reseller_id)  # leaves one, comes to the other
            for page in (of_staff, of_north, of_south):
                assert await page.changed() == ("customers", [card.pk])
            await do(edit, card, staff, city="Bath")
            assert await of_staff.changed() == ("customers", [card.pk])
            assert await of_south.changed() == ("customers", [card.pk])
            assert of_north.told.empty()

    play(scene())


def test_a_page_hears_of_what_its_user_may_read(
    play: Play, staff: User, admin: User, make_customer: MakeCustomer
) -> None:
    by = acting(admin, via="form")
    blind = actions.create_group(name="Blind", permissions={"notes": ["read"]}, by=by)
    seeing = actions.create_group(name="Seeing", permissions={"customers": ["read"]}, by=by)
    user = actions.create_user(username="bea", password=PASSWORD, groups=[blind], by=command_actor())

    async def scene() -> None:
        async with pages(staff, user) as [of_staff, of_user]:
            await do(make_customer, "Unheard")
            await of_staff.changed()
            await do(actions.update_user, user_id=user.pk, values={}, groups=[seeing], by=by)
            card = await do(make_customer, "Heard")
            assert await of_user.changed() == ("customers", [card.pk])
            await do(actions.update_user, user_id=user.pk, values={}, groups=[blind], by=by)
            await do(make_customer, "Unheard again")
            await of_staff.changed()
            await of_staff.changed()
            assert of_user.told.empty()

    play(scene())


def deactivate(user: User, by: User) -> None:
    actions.update_user(user_id=user.pk, values={}, is_active=False, by=acting(by, via="form"))


def end_session(user: User, by: User) -> None:
    Session.objects.filter(user=user).delete()


def let_session_expire(user: User, by: User) -> None:
    Session.objects.filter(user=user).update(expires_at=now() - timedelta(seconds=1))


def change_password(user: User, by: User) -> None:
    actions.set_password(user=user, password="another good one", by=command_actor())


def keep_out(user: User, by: User) -> None:
    User.objects.filter(pk=user.pk).update(allowed_addresses=["192.0.2.0/24"])


ENDS = [deactivate, end_session, let_session_expire, change_password, keep_out]


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_told_to_whoever_is_not_let_in_any_more(
    play: Play, staff: User, admin: User, make_customer: MakeCustomer, end: Callable[[User, User], None]
) -> None:
    by = acting(admin, via="form")

    async def scene() -> None:
        async with pages(admin, staff) as [of_admin, of_staff]:
            await do(end, staff, admin)
            await do(make_customer, actor=by)
            assert await of_staff.event() is None
            assert await of_admin.event() is not None

    play(scene())


def test_a_stream_ends_with_its_session_also_when_nothing_changes(
    play: Play, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hub.CHECK_SECONDS <= 15
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.05)

    async def scene() -> None:
        async with pages(staff) as [page]:
            await do(end_session, staff, staff)
            assert await page.event() is None

    play(scene())


def test_everybodys_right_to_hear_is_asked_in_one_statement(
    staff: User, admin: User, north_user: User
) -> None:
    tickets = []
    for user in (staff, admin, north_user):
        cookie_of(user)
        tickets.append(
            live.Ticket(user.sessions.get().pk, user.pk, user.get_session_auth_hash(), "127.0.0.1")
        )
    with CaptureQueriesContext(connection) as asked:
        found = live.admitted(tickets)
    assert found == [live.audience_of(user) for user in (staff, admin, north_user)]
    assert len(asked) == 1


def test_two_hundred_pages_cost_the_database_one_listener(
    play: Play, staff: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_PAGES_EACH", MANY_PAGES)

    async def scene() -> None:
        async with pages(*[staff] * MANY_PAGES) as opened:
            assert await do(links) == [THE_TESTS_OWN, APPLICATION_NAME]
            card = await do(make_customer)
            for page in opened:
                assert await page.changed() == ("customers", [card.pk])
            assert await do(links) == [THE_TESTS_OWN, APPLICATION_NAME]

    play(scene())


def test_a_lost_connection_is_told_and_mends_itself(
    play: Play, staff: User, make_customer: MakeCustomer
) -> None:
    async def scene() -> None:
        async with pages(staff) as [page]:
            await do(cut_the_listener)
            assert await page.event() == ("lost", {})
            assert await page.ready() < 1
            card = await do(make_customer)
            assert await page.changed() == ("customers", [card.pk])

    play(scene())


def test_a_new_page_learns_how_long_nothing_has_changed(
    play: Play, staff: User, north_user: User, make_customer: MakeCustomer
) -> None:
    of_staff, of_north = cookie_of(staff), cookie_of(north_user)

    async def quiet_before(cookie: str) -> float:
        async with open_page(cookie) as page:
            return await page.ready()

    async def scene() -> None:
        clock = asyncio.get_running_loop().time
        async with pages(staff) as [first]:
            heard_all_since = clock()
            opened_at = clock()
            assert await quiet_before(of_staff) >= opened_at - heard_all_since
            changed_after = clock()
            await do(make_customer)
            await first.changed()
            assert await quiet_before(of_staff) <= clock() - changed_after
            assert await quiet_before(of_north) > clock() - changed_after  # it was none of North's cards
            theirs_after = clock()
            await do(make_customer, "Of North", reseller=north_user.reseller_id)
            await first.changed()
            assert await quiet_before(of_north) <= clock() - theirs_after

    play(scene())


def test_pages_hear_of_users_and_of_works_on_many_cards(
    play: Play, admin: User, staff: User, make_customer: MakeCustomer
) -> None:
    make_customer()
    by = acting(admin, via="form")

    async def scene() -> None:
        async with pages(admin) as [page]:
            await do(actions.update_user, user_id=staff.pk, values={"name": "Stella Other"}, by=by)
            assert await page.changes(2) == {("users", (staff.pk,)), ("resellers", None)}
            work = await do(begin_edit, visible_to(admin), changes={"cps": 7}, by=by)
            assert await page.changed() == ("bulk-works", [work.pk])

    play(scene())


def test_rooms_announce_what_no_trigger_tells(play: Play, staff: User, north_user: User) -> None:
    def tell() -> None:
        with transaction.atomic():
            announce("customers", ids=[3, 1], reseller=north_user.reseller_id)
            announce("customers", ids=[2], reseller=None)
        announce("something else", ids=[9], reseller=None)
        announce("customers", ids=None, reseller=None)

    async def scene() -> None:
        async with pages(staff, north_user) as [of_staff, of_north]:
            await do(tell)
            told = [await of_staff.changed()]
            while told[-1] != ("customers", None):
                told.append(await of_staff.changed())
            assert {grid for grid, _ in told} == {"customers"}
            assert await of_north.changed() == ("customers", [1, 3])
            assert of_north.told.empty()

    play(scene())


def test_a_server_that_stops_ends_every_page(play: Play, staff: User) -> None:
    async def scene() -> None:
        async with pages(staff, staff) as opened:
            live.HUB.close()
            for page in opened:
                assert await page.event() is None
            async with open_page(await do(cookie_of, staff)) as late:
                assert await late.event() is None

    play(scene())


def test_one_page_too_many_is_told_to_come_again(
    play: Play, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_PAGES", 1)

    async def scene() -> None:
        async with pages(staff), open_page(await do(cookie_of, staff)) as page:
            assert await page.event() is None
            assert (page.status, page.headers["retry-after"]) == (503, "30")
        async with pages(staff) as [page]:
            assert page.status == 200

    play(scene())


def test_one_user_takes_nobody_elses_room(
    play: Play, staff: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_PAGES_EACH", 2)

    async def scene() -> None:
        async with pages(staff, staff):
            cookie = await do(cookie_of, staff)  # of another browser
            async with open_page(cookie) as third:
                assert await third.event() is None
                assert (third.status, third.headers["retry-after"]) == (503, "30")
            async with pages(admin) as [other]:
                assert other.status == 200

    play(scene())


def test_those_that_come_at_the_same_moment_find_no_more_room(
    play: Play, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_PAGES_EACH", 2)

    async def scene() -> None:
        cookie = await do(cookie_of, staff)
        async with AsyncExitStack() as opened:
            several = [await opened.enter_async_context(open_page(cookie)) for _ in range(6)]
            told = await asyncio.gather(*(page.event() for page in several))
            assert sum(event is not None for event in told) == 2

    play(scene())


def test_a_server_that_cannot_stream_says_that_there_is_none(
    staff: User, client_of: Callable[[User], Client]
) -> None:
    assert client_of(staff).get("/live/").status_code == 204
    assert Client().get("/live/").headers["Location"].startswith("/sign-in/")
    assert client_of(staff).post("/live/").status_code == 405
