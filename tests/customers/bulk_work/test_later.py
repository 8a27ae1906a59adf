"""A bulk edit that is asked for now and happens later."""

from datetime import timedelta

import pytest

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.bulk_work.starting import undo_work
from linecard.customers.bulk_work.work import CardsWork
from linecard.customers.models import BulkResult, Customer, PendingChange
from linecard.customers.queries import visible_to
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict
from tests.conftest import MakeCustomer
from tests.customers.bulk_work.conftest import done, outcomes, undone, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(make_customer: MakeCustomer) -> dict[str, Customer]:
    """Four cards, by name."""
    return {name: make_customer(name, cps=5) for name in "ABCD"}


def plan(by: UserActor, **changes: object) -> PendingChange:
    """Plan an edit of all cards in an hour."""
    run_at = now() + timedelta(hours=1)
    return actions.plan_bulk_edit(visible_to(by.user), values=changes, run_at=run_at, by=by)


def carry_out(change: PendingChange) -> PendingChange:
    """What happens at its time."""
    PendingChange.objects.filter(pk=change.pk).update(run_at=now() - timedelta(seconds=1))
    actions.apply_due_change(change_id=change.pk)
    assert change.work is not None
    change.work.refresh_from_db()
    done(change.work)
    change.refresh_from_db()
    return change


def test_nothing_changes_before_its_time(by: UserActor, cards: dict[str, Customer]) -> None:
    change = plan(by, cps=60)
    assert change.work is not None
    done(change.work)
    assert set(values("cps").values()) == {5}
    assert (change.state, change.work.state, change.work.total) == ("waiting", "planned", 4)
    carry_out(change)
    assert set(values("cps").values()) == {60}
    assert (change.state, change.work.state) == ("applied", "done")


def test_a_card_whose_field_was_changed_since_is_left_alone_and_listed(
    by: UserActor, cards: dict[str, Customer]
) -> None:
    change = plan(by, cps=60)
    actions.update_customer(customer_id=cards["A"].pk, values={"cps": 7}, by=by)
    actions.update_customer(customer_id=cards["B"].pk, values={"city": "Oslo"}, by=by)
    for cps in (6, 5):  # the value of then, but somebody was at it
        actions.update_customer(customer_id=cards["C"].pk, values={"cps": cps}, by=by)
    carry_out(change)
    assert values("cps") == {"A": 7, "B": 60, "C": 5, "D": 60}
    assert change.work is not None
    assert outcomes(change.work) == {"A": "held", "B": "changed", "C": "held", "D": "changed"}
    assert (
        BulkResult.objects.get(customer=cards["A"]).reason
        == "Changed by Stella Staff since this was planned."
    )
    assert change.state == "held"
    assert [problem["message"] for problem in change.problems] == [
        "2 customers were changed by somebody since this was planned, and left alone."
    ]


def test_those_that_were_held_get_it_when_a_person_says_so(by: UserActor, cards: dict[str, Customer]) -> None:
    change = plan(by, cps=60)
    actions.update_customer(customer_id=cards["A"].pk, values={"cps": 7}, by=by)
    carry_out(change)
    assert change.state == "held"
    assert actions.run_change(change_id=change.pk, by=by).state == "held"
    change = actions.run_change(change_id=change.pk, by=by, override=True)
    assert change.work is not None
    done(change.work)
    assert set(values("cps").values()) == {60}
    assert (change.work.changed, change.work.held, change.work.total) == (4, 0, 4)
    change.refresh_from_db()
    assert change.state == "applied"


def test_what_was_held_is_taken_back_too_once_it_was_changed(
    by: UserActor, cards: dict[str, Customer]
) -> None:
    change = plan(by, cps=60)
    actions.update_customer(customer_id=cards["A"].pk, values={"cps": 7}, by=by)
    carry_out(change)
    assert change.work is not None
    undone(change.work, by)
    change = actions.run_change(change_id=change.pk, by=by, override=True)
    assert change.work is not None
    done(change.work)
    assert values("cps") == {"A": 60, "B": 5, "C": 5, "D": 5}
    work = undone(change.work, by)
    assert values("cps") == {"A": 7, "B": 5, "C": 5, "D": 5}
    assert (work.state, work.changed, work.undone, work.left) == ("undone", 4, 4, 0)


def test_what_was_held_waits_while_the_rest_is_taken_back(by: UserActor, cards: dict[str, Customer]) -> None:
    change = plan(by, cps=60)
    actions.update_customer(customer_id=cards["A"].pk, values={"cps": 7}, by=by)
    carry_out(change)
    assert change.work is not None
    undo_work(work_id=change.work.pk, by=by)
    CardsWork(change.work.pk).advance()
    with pytest.raises(Conflict):
        actions.run_change(change_id=change.pk, by=by, override=True)
    assert done(change.work).state == "undone"
    assert values("cps") == {"A": 7, "B": 5, "C": 5, "D": 5}


def test_somebody_else_goes_on_where_who_planned_it_was_stopped(
    by: UserActor, staff: User, admin: User, make_customer: MakeCustomer
) -> None:
    for name in "ABCDEFG":
        make_customer(name, cps=5)
    change = plan(by, cps=60)
    actions.update_customer(customer_id=Customer.objects.get(name="A").pk, values={"cps": 7}, by=by)
    PendingChange.objects.filter(pk=change.pk).update(run_at=now() - timedelta(seconds=1))
    actions.apply_due_change(change_id=change.pk)
    assert change.work is not None
    CardsWork(change.work.pk).advance()
    User.objects.filter(pk=staff.pk).update(is_active=False)
    assert done(change.work).state == "failed"
    change = actions.run_change(change_id=change.pk, by=acting(admin, via="form"), override=True)
    assert change.work is not None
    work = done(change.work)
    assert (work.state, work.changed, work.held) == ("done", 7, 0)
    assert set(values("cps").values()) == {60}


def test_cards_that_come_to_match_later_are_not_meant(
    by: UserActor, cards: dict[str, Customer], make_customer: MakeCustomer
) -> None:
    change = plan(by, cps=60)
    make_customer("Later", cps=5)
    carry_out(change)
    assert values("cps") == {**dict.fromkeys("ABCD", 60), "Later": 5}


def test_a_plan_is_cancelled(by: UserActor, cards: dict[str, Customer]) -> None:
    change = plan(by, cps=60)
    actions.cancel_change(change_id=change.pk, by=by)
    change.refresh_from_db()
    assert change.work is not None
    assert (change.state, change.work.state) == ("cancelled", "cancelled")
    assert actions.apply_due_change(change_id=change.pk) is None
    assert set(values("cps").values()) == {5}


def test_a_plan_of_who_was_deactivated_fails(by: UserActor, cards: dict[str, Customer]) -> None:
    change = plan(by, cps=60)
    type(by.user).objects.filter(pk=by.user.pk).update(is_active=False)
    carry_out(change)
    assert change.state == "failed"
    assert set(values("cps").values()) == {5}
