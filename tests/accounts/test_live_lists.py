"""What the lists of Setup are told: who hears of which, and of whose rows."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from linecard.accounts import actions
from linecard.accounts.actor import acting
from linecard.accounts.live import audience_of
from linecard.accounts.models import Reseller, User
from linecard.customers import actions as customers
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.bulk_work.work import CardsWork
from linecard.customers.models import PendingChange
from linecard.customers.queries import visible_to
from linecard.importing.models import Upload
from linecard.kernel.clock import now
from linecard.messaging.models import Send
from tests.accounts.live_pages import do, play
from tests.accounts.test_live import pages
from tests.conftest import MakeCustomer

__all__ = ["play"]

pytestmark = pytest.mark.django_db(transaction=True)

Play = Callable[[Coroutine[Any, Any, None]], None]


def plan(user: User, customer_id: int) -> PendingChange:
    return customers.plan_change(
        customer_id=customer_id,
        values={"cps": 7},
        run_at=now() + timedelta(hours=1),
        by=acting(user, via="form"),
    )


def test_who_may_hear_of_which_lists(admin: User, north_user: User) -> None:
    everywhere = {"customers", "bulk-works", "pending-changes", "uploads", "sends", "email-log", "sms-log"}
    assert audience_of(admin).grids == everywhere | {"users", "groups", "resellers", "audit"}
    assert audience_of(north_user).grids == everywhere


def test_pages_hear_of_pending_changes(play: Play, staff: User, make_customer: MakeCustomer) -> None:
    card = make_customer()

    async def scene() -> None:
        async with pages(staff) as [page]:
            change = await do(plan, staff, card.pk)
            assert await page.changed() == ("pending-changes", [change.pk])
            await do(customers.cancel_change, change_id=change.pk, by=acting(staff, via="form"))
            assert await page.changed() == ("pending-changes", [change.pk])

    play(scene())


def test_a_change_is_told_to_the_reseller_that_has_its_card_now(
    play: Play, staff: User, north_user: User, south_user: User, make_customer: MakeCustomer
) -> None:
    by = acting(staff, via="form")
    card = make_customer("Moving", reseller=north_user.reseller_id)
    change = plan(staff, card.pk)
    customers.update_customer(customer_id=card.pk, values={"reseller": south_user.reseller_id}, by=by)

    async def scene() -> None:
        async with pages(north_user, south_user) as [of_north, of_south]:
            await do(customers.cancel_change, change_id=change.pk, by=by)
            assert await of_south.changed() == ("pending-changes", [change.pk])
            await do(make_customer, "Another", reseller=north_user.reseller_id)
            assert (await of_north.changed())[0] == "customers"  # and of nothing before

    play(scene())


def test_a_change_of_a_new_card_is_told_to_the_reseller_for_which_it_is_planned(
    play: Play, north_user: User, south_user: User
) -> None:
    by = acting(north_user, via="form")
    run_at = now() + timedelta(hours=1)

    async def scene() -> None:
        async with pages(north_user, south_user) as [of_north, of_south]:
            planned = {"name": "New", "currency": "EUR"}
            change = await do(customers.plan_new_card, values=planned, run_at=run_at, by=by)
            assert await of_north.changed() == ("pending-changes", [change.pk])
            ran = await do(customers.run_change, change_id=change.pk, by=by)
            assert await of_north.changes(2) == {
                ("customers", (ran.customer_id,)),
                ("pending-changes", (change.pk,)),
            }
            assert of_south.told.empty()

    play(scene())


def test_staff_hear_of_groups_and_resellers_and_how_many_users_they_have(
    play: Play, admin: User, staff: User, north_user: User, south: Reseller
) -> None:
    by = acting(admin, via="form")

    async def scene() -> None:
        async with pages(admin, north_user) as [of_admin, of_north]:
            group = await do(actions.create_group, name="Night", permissions={}, by=by)
            assert await of_admin.changed() == ("groups", None)
            await do(actions.create_reseller, name="East", by=by)
            assert await of_admin.changed() == ("resellers", None)
            await do(actions.update_user, user_id=staff.pk, values={}, groups=[group], by=by)
            assert {("groups", None), ("users", (staff.pk,))} <= await of_admin.changes(3)
            assert of_north.told.empty()

    play(scene())


def test_pages_hear_how_uploads_go_on(play: Play, staff: User, north_user: User, south_user: User) -> None:
    def send() -> int:
        upload = Upload.objects.create(
            target="customers", file_name="a.csv", made_by=north_user, reseller_id=north_user.reseller_id
        )
        return Upload.objects.get(made_at=upload.made_at).pk

    async def scene() -> None:
        async with pages(staff, north_user, south_user) as [of_staff, of_north, of_south]:
            upload_id = await do(send)
            assert await of_staff.changed() == ("uploads", [upload_id])
            assert await of_north.changed() == ("uploads", [upload_id])
            await do(Upload.objects.filter(pk=upload_id).update, state="uploaded")
            assert await of_north.changed() == ("uploads", [upload_id])
            assert of_south.told.empty()

    play(scene())


def test_pages_hear_how_sends_go_on_and_not_of_each_message(
    play: Play, staff: User, north_user: User, south_user: User, make_customer: MakeCustomer
) -> None:
    def begin() -> int:
        send = Send.objects.create(
            channel="sms", text="Hi", recipients=1000, made_by=north_user, reseller_id=north_user.reseller_id
        )
        return Send.objects.get(made_at=send.made_at).pk

    async def scene() -> None:
        async with pages(staff, north_user, south_user) as [of_staff, of_north, of_south]:
            send_id = await do(begin)
            assert await of_staff.changed() == ("sends", [send_id])
            assert await of_north.changed() == ("sends", [send_id])
            await do(Send.objects.filter(pk=send_id).update, ended=9)  # less than one percent
            await do(Send.objects.filter(pk=send_id).update, ended=10)
            assert await of_north.changed() == ("sends", [send_id])
            await do(Send.objects.filter(pk=send_id).update, ended=11)
            await do(make_customer, "Another", reseller=north_user.reseller_id)
            assert (await of_north.changed())[0] == "customers"  # and of nothing before
            assert of_south.told.empty()

    play(scene())


def test_the_audit_log_is_told_of_a_bulk_work_in_a_few_words(
    play: Play, admin: User, make_customer: MakeCustomer
) -> None:
    for number in range(20):
        make_customer(f"Card {number}")
    by = acting(admin, via="form")

    def edit() -> None:
        going = CardsWork(begin_edit(visible_to(admin), changes={"cps": 7}, by=by).pk)
        while going.advance():
            pass

    async def scene() -> None:
        async with pages(admin) as [page]:
            await do(edit)
            heard = []
            while ("customers", 20) not in heard:
                event = await page.event()
                assert event is not None
                ids = event[1]["ids"]
                heard.append((event[1]["grid"], ids and len(ids)))
            told_of_entries = [ids for grid, ids in heard if grid == "audit"]
            assert 1 <= len(told_of_entries) <= 3  # begun, changed, done: not one for each of twenty cards
            assert set(told_of_entries) == {None}

    play(scene())
