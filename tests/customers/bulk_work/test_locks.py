"""A plan that is run by hand and a worker at the same work wait for each other in one order."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from linecard.accounts.actor import UserActor
from linecard.customers import actions
from linecard.customers.models import BulkWork, PendingChange
from linecard.customers.queries import visible_to
from linecard.customers.words import ChangeState
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def is_waiting() -> bool:
    """Whether somebody waits for us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        (found,) = cursor.fetchone()
    return bool(found)


def test_who_runs_a_plan_waits_without_holding_it(by: UserActor, make_customer: MakeCustomer) -> None:
    make_customer()
    change = actions.plan_bulk_edit(
        visible_to(by.user), values={"cps": 2}, run_at=now() + timedelta(hours=1), by=by
    )

    def run() -> None:
        try:
            actions.run_change(change_id=change.pk, by=by)
        finally:
            connection.close()

    runner = threading.Thread(target=run)
    with transaction.atomic():
        work = BulkWork.objects.select_for_update(of=("self",)).get()  # as a worker does
        runner.start()
        eventually(is_waiting)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        PendingChange.objects.filter(work=work).update(problems=[])
    runner.join(30)
    change.refresh_from_db()
    assert change.state == ChangeState.APPLIED
