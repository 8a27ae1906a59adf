"""Changes that wait: planned, applied once, held, cancelled, reverted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.fields import card_values
from linecard.customers.models import Customer, PendingChange
from linecard.customers.queries import visible_pending_changes
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid, NotFound, Stale

MakeCustomer = Callable[..., Customer]
HOUR = timedelta(hours=1)


def let_time_pass(change: PendingChange) -> None:
    """Move the change's time into the past, as if the server had been down at its time."""
    PendingChange.objects.filter(pk=change.pk).update(run_at=now() - timedelta(seconds=1))


def value_of(customer: Customer, field: str) -> Any:
    """The card's value as the database has it."""
    return card_values(Customer.objects.get(pk=customer.pk))[field]


@pytest.fixture
def customer(make_customer: MakeCustomer) -> Customer:
    """A card with a debit limit of ten."""
    return make_customer("Acme", debit_limit="10")


def plan(customer: Customer, by: UserActor, run_at: datetime | None = None, **values: Any) -> PendingChange:
    """Plan values for in an hour."""
    return actions.plan_change(customer_id=customer.pk, values=values, run_at=run_at or now() + HOUR, by=by)


def test_a_planned_change_changes_nothing_before_its_time(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50")
    assert actions.apply_due_change(change_id=change.pk) is None
    assert value_of(customer, "debit_limit") == "10.00"
    assert (change.state, change.values, change.expected) == (
        "waiting",
        {"debit_limit": "50.00"},
        {"debit_limit": "10.00"},
    )
    job = ProcrastinateJob.objects.get(task_name="customers.apply_pending_change")
    assert (job.args, job.scheduled_at, job.queue_name) == (
        {"change_id": change.pk},
        change.run_at,
        "changes",
    )


def test_a_due_change_is_applied_once_in_the_name_of_who_planned_it(
    customer: Customer, by: UserActor, staff: User
) -> None:
    change = plan(customer, by, debit_limit="50")
    let_time_pass(change)
    applied = actions.apply_due_change(change_id=change.pk)
    assert applied is not None
    assert applied.state == "applied"
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "7"}, by=by)
    assert actions.apply_due_change(change_id=change.pk) is None
    assert value_of(customer, "debit_limit") == "7.00"
    entry = AuditEntry.objects.get(subject_id=customer.pk, action="customer.updated", via="job")
    assert (entry.user_id, entry.changes) == (staff.pk, {"debit_limit": ["10.00", "50.00"]})


def test_only_the_edited_fields_are_applied(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50")
    actions.update_customer(customer_id=customer.pk, values={"channels": 8}, by=by)
    let_time_pass(change)
    actions.apply_due_change(change_id=change.pk)
    assert (value_of(customer, "debit_limit"), value_of(customer, "channels")) == ("50.00", 8)


def test_a_field_changed_meanwhile_holds_the_change(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50", channels=3)
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "20"}, by=by)
    let_time_pass(change)
    held = actions.apply_due_change(change_id=change.pk)
    assert held is not None
    assert held.state == "held"
    assert held.problems == [
        {"field": "debit_limit", "message": "Was 10.00 when this was planned, is 20.00 now."}
    ]
    assert (value_of(customer, "debit_limit"), value_of(customer, "channels")) == ("20.00", None)
    assert AuditEntry.objects.filter(subject_id=customer.pk, action="change.held").count() == 1


def test_a_held_change_is_applied_only_when_somebody_insists(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50")
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "20"}, by=by)
    assert actions.run_change(change_id=change.pk, by=by).state == "held"
    assert actions.run_change(change_id=change.pk, by=by).state == "held"
    assert value_of(customer, "debit_limit") == "20.00"
    assert actions.run_change(change_id=change.pk, by=by, override=True).state == "applied"
    assert value_of(customer, "debit_limit") == "50.00"


def test_the_same_value_set_by_hand_meanwhile_is_no_conflict(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50")
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "50.0"}, by=by)
    assert actions.run_change(change_id=change.pk, by=by).state == "applied"


def test_a_cancelled_change_never_happens(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50")
    actions.cancel_change(change_id=change.pk, by=by)
    let_time_pass(change)
    assert actions.apply_due_change(change_id=change.pk) is None
    assert value_of(customer, "debit_limit") == "10.00"
    for act in (actions.cancel_change, actions.run_change):
        with pytest.raises(Conflict, match="cancelled already"):
            act(change_id=change.pk, by=by)


def test_a_temporary_change_reverts_itself(customer: Customer, by: UserActor) -> None:
    change = actions.plan_change(
        customer_id=customer.pk,
        values={"debit_limit": "50", "channels": 9},
        run_at=now(),
        revert_at=now() + HOUR,
        by=by,
    )
    assert change.state == "applied"
    assert (value_of(customer, "debit_limit"), value_of(customer, "channels")) == ("50.00", 9)
    reversion = PendingChange.objects.get(reverts=change)
    assert (reversion.state, reversion.run_at) == ("waiting", change.revert_at)
    let_time_pass(reversion)
    actions.apply_due_change(change_id=reversion.pk)
    assert (value_of(customer, "debit_limit"), value_of(customer, "channels")) == ("10.00", None)


def test_a_reversion_does_not_undo_what_somebody_else_did(customer: Customer, by: UserActor) -> None:
    change = actions.plan_change(
        customer_id=customer.pk, values={"debit_limit": "50"}, run_at=now(), revert_at=now() + HOUR, by=by
    )
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "80"}, by=by)
    reversion = PendingChange.objects.get(reverts=change)
    let_time_pass(reversion)
    held = actions.apply_due_change(change_id=reversion.pk)
    assert held is not None
    assert held.state == "held"
    assert value_of(customer, "debit_limit") == "80.00"


def test_an_overriding_temporary_change_goes_back_to_what_it_replaced(
    customer: Customer, by: UserActor
) -> None:
    change = actions.plan_change(
        customer_id=customer.pk,
        values={"debit_limit": "50"},
        run_at=now() + HOUR,
        revert_at=now() + 2 * HOUR,
        by=by,
    )
    actions.update_customer(customer_id=customer.pk, values={"debit_limit": "20"}, by=by)
    actions.run_change(change_id=change.pk, by=by, override=True)
    reversion = PendingChange.objects.get(reverts=change)
    actions.run_change(change_id=reversion.pk, by=by)
    assert value_of(customer, "debit_limit") == "20.00"


def test_a_planned_card_is_made_at_its_time(by: UserActor, north: Reseller) -> None:
    change = actions.plan_new_card(
        values={"name": "Later", "currency": "USD", "reseller": north.pk}, run_at=now() + HOUR, by=by
    )
    assert Customer.objects.count() == 0
    let_time_pass(change)
    applied = actions.apply_due_change(change_id=change.pk)
    assert applied is not None
    assert applied.customer is not None
    made = Customer.objects.get()
    assert (made.pk, made.name, made.reseller_id) == (applied.customer.pk, "Later", north.pk)


def test_a_planned_card_whose_name_is_taken_by_then_fails_and_can_be_run_again(
    by: UserActor, make_customer: MakeCustomer
) -> None:
    change = actions.plan_new_card(values={"name": "Later", "currency": "USD"}, run_at=now() + HOUR, by=by)
    other = make_customer("LATER")
    failed = actions.run_change(change_id=change.pk, by=by)
    assert failed.state == "failed"
    assert [problem["field"] for problem in failed.problems] == ["name"]
    actions.update_customer(customer_id=other.pk, values={"name": "Earlier"}, by=by)
    assert actions.run_change(change_id=change.pk, by=by).state == "applied"
    assert Customer.objects.count() == 2


def test_whose_card_it_becomes_does_not_depend_on_who_runs_it(
    north_user: User, north: Reseller, by: UserActor
) -> None:
    theirs = acting(north_user, via="api")
    change = actions.plan_new_card(
        values={"name": "Later", "currency": "USD"}, run_at=now() + HOUR, by=theirs
    )
    actions.run_change(change_id=change.pk, by=by)
    assert Customer.objects.get().reseller_id == north.pk


@pytest.mark.parametrize(
    ("taken", "reason"),
    [
        ({"is_active": False}, "Stella Staff is not active any more."),
        (
            {"permissions": {"customers": ["read"]}},
            "None of your groups lets you change customers. An administrator can change that.",
        ),
    ],
)
def test_a_change_of_somebody_who_may_do_it_no_more_fails(
    customer: Customer, by: UserActor, admin: User, taken: dict[str, Any], reason: str
) -> None:
    change = plan(customer, by, debit_limit="50")
    actions.update_customer(
        customer_id=customer.pk, values={"debit_limit": "20"}, by=acting(admin, via="form")
    )
    let_time_pass(change)
    User.objects.filter(pk=by.user.pk).update(**taken)
    applied = actions.apply_due_change(change_id=change.pk)
    assert applied is not None
    assert (applied.state, applied.problems) == ("failed", [{"field": "", "message": reason}])
    assert value_of(customer, "debit_limit") == "20.00"


def test_an_archived_card_holds_its_changes(customer: Customer, by: UserActor) -> None:
    change = plan(customer, by, debit_limit="50")
    actions.archive_customer(customer_id=customer.pk, by=by)
    assert actions.run_change(change_id=change.pk, by=by).state == "held"
    actions.restore_customer(customer_id=customer.pk, by=by)
    assert actions.run_change(change_id=change.pk, by=by).state == "applied"


def test_what_would_be_refused_now_is_refused_when_planned(customer: Customer, by: UserActor) -> None:
    for values in ({"debit_limit": "x"}, {"currency": "USD"}, {"nonsense": 1}, {}):
        with pytest.raises(Invalid):
            plan(customer, by, **values)
    with pytest.raises(Stale):
        actions.plan_change(
            customer_id=customer.pk, values={"channels": 1}, run_at=now() + HOUR, by=by, expected_version=99
        )
    assert PendingChange.objects.count() == 0
    assert ProcrastinateJob.objects.count() == 0


@pytest.mark.parametrize(
    ("run_in", "revert_in", "field"),
    [
        (timedelta(minutes=-5), None, "run_at"),
        (timedelta(days=400), None, "run_at"),
        (HOUR, timedelta(minutes=5), "revert_at"),
        (timedelta(0), timedelta(days=400), "revert_at"),
    ],
)
def test_impossible_times_are_refused(
    customer: Customer, by: UserActor, run_in: timedelta, revert_in: timedelta | None, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        actions.plan_change(
            customer_id=customer.pk,
            values={"channels": 1},
            run_at=now() + run_in,
            revert_at=None if revert_in is None else now() + revert_in,
            by=by,
        )
    assert [error.field for error in caught.value.errors] == [field]


def test_pending_changes_of_others_do_not_exist(
    make_customer: MakeCustomer, by: UserActor, north_user: User, south_user: User, south: Reseller
) -> None:
    theirs = acting(south_user, via="api")
    card = make_customer("Theirs", reseller=south.pk)
    on_card = plan(card, theirs, channels=1)
    new_card = actions.plan_new_card(
        values={"name": "New", "currency": "USD"}, run_at=now() + HOUR, by=theirs
    )
    assert set(visible_pending_changes(south_user)) == {on_card, new_card}
    assert visible_pending_changes(north_user).count() == 0
    stranger = acting(north_user, via="api")
    for change in (on_card, new_card):
        for act in (actions.cancel_change, actions.run_change):
            with pytest.raises(NotFound):
                act(change_id=change.pk, by=stranger)
    with pytest.raises(NotFound):
        plan(card, stranger, channels=2)


@pytest.mark.django_db(transaction=True)
def test_many_workers_apply_a_change_once(staff: User) -> None:
    actor = acting(staff, via="api")
    card = actions.create_customer(values={"name": "Acme", "currency": "EUR"}, by=actor)
    change = plan(card, actor, channels=5)
    let_time_pass(change)

    def apply(_: int) -> bool:
        try:
            return actions.apply_due_change(change_id=change.pk) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(apply, range(6)))
    assert outcomes == [False] * 5 + [True]
    assert AuditEntry.objects.filter(subject_id=card.pk, action="customer.updated").count() == 1


def test_the_history_of_a_plan_names_no_other_reseller(
    make_customer: MakeCustomer, north: Reseller, south: Reseller, by: UserActor
) -> None:
    acme = make_customer("Acme", reseller=north.pk)
    actions.plan_change(
        customer_id=acme.pk, values={"reseller": south.pk}, run_at=now() + timedelta(hours=1), by=by
    )
    (entry,) = AuditEntry.objects.filter(action="change.planned")
    assert entry.note.startswith(f"Reseller → {south.pk} at ")
