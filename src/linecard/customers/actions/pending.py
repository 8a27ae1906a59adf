"""Changes that are asked for now and happen later: planned, cancelled, run, applied, reverted.

A change is applied exactly once: its row is locked and must still be waiting, and its new state commits together with
what it did. Lock order: the card or the work on many cards, then the change.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from linecard.accounts.actor import UserActor, acting
from linecard.audit.actor import JOB, SYSTEM
from linecard.audit.trail import record
from linecard.customers.actions.cards import create_customer, require_live, require_version, update_customer
from linecard.customers.bulk_work.starting import Cards, begin_planned, cancel_planned, plan_edit
from linecard.customers.fields import CARD_FIELDS, card_context, card_values
from linecard.customers.models import BulkWork, Customer, PendingChange
from linecard.customers.queries import get_change, lock_customer
from linecard.customers.rules import clean_card_change, clean_new_card
from linecard.customers.words import ChangeState
from linecard.fields import Context, JSONValue
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, FieldError, Forbidden, Invalid, LinecardError, NotFound

# Farther ahead is more likely a slip of the year than a plan.
MAX_AHEAD = timedelta(days=366)
# A time that passed while the form was on its way still counts as now.
_GRACE = timedelta(minutes=1)

APPLY_TASK = "customers.apply_pending_change"

CANCELLABLE_STATES = (ChangeState.WAITING, ChangeState.HELD)
RUNNABLE_STATES = (ChangeState.WAITING, ChangeState.HELD, ChangeState.FAILED)


@transaction.atomic
def plan_change(
    *,
    customer_id: int,
    values: Mapping[str, JSONValue],
    run_at: datetime,
    by: UserActor,
    revert_at: datetime | None = None,
    expected_version: int | None = None,
) -> PendingChange:
    """Plan to put values on a card at a time, and to take them back at ``revert_at``.

    A time that has come applies it at once. Raises ``NotFound``, ``Conflict``, ``Stale`` and ``Invalid``; what would
    be refused now is refused now.
    """
    by.require("customers", "update")
    _require_sane_times(run_at, revert_at)
    customer = lock_customer(by.user, customer_id)
    require_version(customer, expected_version)
    require_live(customer)
    if not values:
        raise Invalid({"changes": gettext("Nothing to change was given.")})
    change = PendingChange.objects.create(
        action=PendingChange.Action.UPDATE,
        customer=customer,
        reseller_id=customer.reseller_id,
        values=_as_stored(customer, values, by),
        expected=_present(customer, values),
        run_at=run_at,
        revert_at=revert_at,
        made_by=by.user,
        made_at=now(),
    )
    if run_at <= now():
        return _apply(change, by=by)
    _note_in_history(change, "change.planned", by)
    _schedule(change)
    return change


@transaction.atomic
def plan_new_card(*, values: Mapping[str, JSONValue], run_at: datetime, by: UserActor) -> PendingChange:
    """Plan to make a card at a time. Raises ``Invalid``; what would be refused now is refused now."""
    by.require("customers", "create")
    _require_sane_times(run_at, None)
    stored = clean_new_card(values, by.user)
    context = Context(currency=stored["currency"], country=stored["country"])
    names = {*values, "reseller"}  # whose card it will be does not depend on who runs the change
    change = PendingChange.objects.create(
        action=PendingChange.Action.CREATE,
        reseller_id=stored["reseller_id"],
        values={
            name: CARD_FIELDS[name].to_json(stored[CARD_FIELDS[name].attribute], context) for name in names
        },
        run_at=run_at,
        made_by=by.user,
        made_at=now(),
    )
    if run_at <= now():
        return _apply(change, by=by)
    _schedule(change)
    return change


@transaction.atomic
def plan_bulk_edit(
    cards: Cards, *, values: Mapping[str, JSONValue], run_at: datetime, by: UserActor
) -> PendingChange:
    """Plan to put values on many cards at a time (see ``begin_edit``); cards changed until then are held.

    A time that has come begins it at once. Raises ``Forbidden`` and ``Invalid``.
    """
    _require_sane_times(run_at, None)
    change = PendingChange.objects.create(
        action=PendingChange.Action.BULK,
        work=plan_edit(cards, changes=values, by=by),
        reseller_id=by.user.reseller_id,
        values=dict(values),
        run_at=run_at,
        made_by=by.user,
        made_at=now(),
    )
    if run_at <= now():
        return _apply(change, by=by)
    _schedule(change)
    return change


@transaction.atomic
def cancel_change(*, change_id: int, by: UserActor) -> PendingChange:
    """Take back a change that has not happened. Raises ``NotFound`` and ``Conflict``."""
    by.require("customers", "update")
    change = _lock_visible(change_id, by)
    _require_state(change, CANCELLABLE_STATES)
    if change.work is not None:
        cancel_planned(change.work)
    _finish(change, ChangeState.CANCELLED, by)
    _note_in_history(change, "change.cancelled", by)
    return change


@transaction.atomic
def run_change(*, change_id: int, by: UserActor, override: bool = False) -> PendingChange:
    """Apply a change now instead of at its time.

    A held one is checked again, and applied over what is there only when ``override`` says so. Raises ``NotFound``
    and ``Conflict``.
    """
    by.require("customers", "update")
    change = _lock_visible(change_id, by)
    _require_state(change, RUNNABLE_STATES)
    return _apply(change, by=by, override=override)


@transaction.atomic
def apply_due_change(*, change_id: int) -> PendingChange | None:
    """Apply a change whose time has come, in the name of who planned it; None when there is nothing left to do.

    It fails when they may not do it any more: because they were deactivated, or left a group.
    """
    change = _lock(change_id)
    if change is None or change.state != ChangeState.WAITING or change.run_at > now():
        return None
    by = acting(change.made_by, via=JOB)
    try:
        by.require("customers", "create" if change.action == PendingChange.Action.CREATE else "update")
    except Forbidden as refusal:
        return _fail(change, [FieldError("", refusal.detail)], by)
    return _apply(change, by=by)


def _apply(change: PendingChange, *, by: UserActor, override: bool = False) -> PendingChange:
    if change.work is not None:
        return _begin_work(change, change.work, by=by, override=override)
    conflicts = [] if override else _conflicts(change)
    if conflicts:
        return _hold(change, conflicts, by)
    note = f"Planned by {change.made_by} at {change.made_at:%Y-%m-%d %H:%M} UTC."
    if change.customer is not None:  # what a reversion goes back to, also after an override
        change.expected = _present(change.customer, change.values)
    try:
        with transaction.atomic():
            if change.customer_id is None:
                change.customer = create_customer(values=change.values, by=by, note=note)
            else:
                update_customer(customer_id=change.customer_id, values=change.values, by=by, note=note)
    except Conflict as problem:
        return _hold(change, [FieldError("", problem.detail)], by)
    except Invalid as problem:
        return _fail(change, list(problem.errors), by)
    except LinecardError as problem:
        return _fail(change, [FieldError("", problem.detail)], by)
    change.problems = []
    _finish(change, ChangeState.APPLIED, by)
    if change.revert_at is not None:
        _plan_reversion(change, change.revert_at)
    return change


def _begin_work(change: PendingChange, work: BulkWork, *, by: UserActor, override: bool) -> PendingChange:
    """Begin with many cards. Which of them somebody changed is found on the way; then the change is held."""
    if change.state == ChangeState.HELD and not override:
        return change
    begin_planned(work, by=by)
    change.problems = []
    _finish(change, ChangeState.APPLIED, by)
    return change


def _conflicts(change: PendingChange) -> list[FieldError]:
    """The fields that somebody changed since the change was planned."""
    if change.customer is None:
        return []
    present = card_values(change.customer)
    return [
        FieldError(
            name,
            gettext("Was {then} when this was planned, is {now} now.").format(
                then=_shown(name, expected), now=_shown(name, present[name])
            ),
        )
        for name, expected in change.expected.items()
        if present[name] not in (expected, change.values[name])
    ]


def _plan_reversion(change: PendingChange, at: datetime) -> None:
    """Plan the opposite of a temporary change that has just been applied."""
    reversion = PendingChange.objects.create(
        action=PendingChange.Action.UPDATE,
        customer=change.customer,
        reseller_id=change.reseller_id,
        values=change.expected,
        expected=change.values,
        run_at=at,
        reverts=change,
        made_by=change.made_by,
        made_at=now(),
    )
    _schedule(reversion)


def _schedule(change: PendingChange) -> None:
    # the job is written in this transaction: both exist, or neither
    job = app.configure_task(APPLY_TASK, queue="changes", schedule_at=change.run_at)
    job.defer(change_id=change.pk)


def _as_stored(customer: Customer, values: Mapping[str, JSONValue], by: UserActor) -> dict[str, JSONValue]:
    """The values as the card would hold them, spelled as the API would."""
    for attribute, value in clean_card_change(customer, values, by.user).items():
        setattr(customer, attribute, value)
    spelled = _present(customer, values)
    customer.refresh_from_db()
    return spelled


def _present(customer: Customer, names: Iterable[str]) -> dict[str, JSONValue]:
    values = card_values(customer)
    return {name: values[name] for name in names}


def _hold(change: PendingChange, problems: list[FieldError], by: UserActor) -> PendingChange:
    change.state = ChangeState.HELD
    _put_problems(change, problems)
    change.save()
    _note_in_history(change, "change.held", by)
    return change


def _fail(change: PendingChange, problems: list[FieldError], by: UserActor) -> PendingChange:
    _put_problems(change, problems)
    _finish(change, ChangeState.FAILED, by)
    _note_in_history(change, "change.failed", by)
    return change


def _put_problems(change: PendingChange, problems: list[FieldError]) -> None:
    change.problems = [{"field": problem.field, "message": problem.message} for problem in problems]


def _finish(change: PendingChange, state: ChangeState, by: UserActor) -> None:
    change.state = state
    change.finished_at = now()
    change.finished_by_name = SYSTEM.name if by.via == JOB else by.name
    change.save()


def _lock_visible(change_id: int, by: UserActor) -> PendingChange:
    change = _lock(get_change(by.user, change_id).pk)
    if change is None:
        raise NotFound(gettext("There is no such pending change."))
    return change


def _lock(change_id: int) -> PendingChange | None:
    """The change, locked, after its card or its work: a worker has the work locked when it tells the change."""
    found = PendingChange.objects.filter(pk=change_id).first()
    if found is None:
        return None
    if found.customer_id is not None:
        Customer.objects.select_for_update().get(pk=found.customer_id)
    if found.work_id is not None:
        BulkWork.objects.select_for_update(of=("self",)).get(pk=found.work_id)
    changes = PendingChange.objects.select_related("customer", "made_by")
    return changes.select_for_update(of=("self",)).get(pk=change_id)


def _require_state(change: PendingChange, states: tuple[ChangeState, ...]) -> None:
    if change.state not in states:
        raise Conflict(
            gettext("This change is {state} already.").format(
                state=gettext(ChangeState(change.state).label).lower()
            )
        )


def _require_sane_times(run_at: datetime, revert_at: datetime | None) -> None:
    moment = now()
    errors = {}
    if run_at < moment - _GRACE:
        errors["run_at"] = gettext("This time is in the past.")
    elif run_at > moment + MAX_AHEAD:
        errors["run_at"] = gettext("At most {days} days ahead.").format(days=MAX_AHEAD.days)
    if revert_at is not None and revert_at <= max(run_at, moment):
        errors["revert_at"] = gettext("Must be later than the change itself.")
    elif revert_at is not None and revert_at > moment + MAX_AHEAD:
        errors["revert_at"] = gettext("At most {days} days ahead.").format(days=MAX_AHEAD.days)
    if errors:
        raise Invalid(errors)


def _note_in_history(change: PendingChange, action: str, by: UserActor) -> None:
    if change.customer is None:
        return
    context = card_context(change.customer)
    # by their ids, users and resellers say nothing to a reader who may not know of them
    told = {
        gettext(CARD_FIELDS[name].label): CARD_FIELDS[name].show(value, context)
        for name, value in change.values.items()
    }
    values = ", ".join(f"{label} → {value or 'empty'}" for label, value in told.items())
    note = f"{values} at {change.run_at:%Y-%m-%d %H:%M} UTC"
    record(by=by, action=action, subject_type="customer", subject_id=change.customer.pk, note=note)


def _shown(name: str, value: JSONValue) -> str:
    return CARD_FIELDS[name].show(value) or "empty"
