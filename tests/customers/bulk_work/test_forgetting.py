"""What became of each card is forgotten long after a work has ended; the work and the histories stay."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.bulk_work import forgetting
from linecard.customers.bulk_work.forgetting import FORGOTTEN, forget_old_results
from linecard.customers.bulk_work.starting import begin_edit, may_undo, undo_work
from linecard.customers.models import BulkBlock, BulkResult, BulkWork, Customer
from linecard.customers.queries import visible_to
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict
from tests.conftest import ApiClient, MakeCustomer
from tests.customers.bulk_work.conftest import Edit, done

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(make_customer: MakeCustomer) -> list[Customer]:
    return [make_customer(letter) for letter in "abcd"]


def ended(work: BulkWork, *, days: int) -> BulkWork:
    """The work as if it had ended so long ago."""
    work.finished_at = now() - timedelta(days=days)
    work.save(update_fields=["finished_at"])
    return work


def kept(work: BulkWork) -> tuple[int, int]:
    return BulkResult.objects.filter(work=work).count(), BulkBlock.objects.filter(work=work).count()


def test_old_results_go_and_everything_else_stays(edit: Edit, cards: list[Customer], by: UserActor) -> None:
    old, young = ended(edit(cps=1), days=31), ended(edit(cps=2), days=29)
    entries = AuditEntry.objects.count()
    assert forget_old_results() == 1
    assert (kept(old), kept(young)) == ((0, 0), (4, 2))
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.forgotten_at is not None
    assert (old.state, old.total, old.changed) == ("done", 4, 4)
    assert young.forgotten_at is None
    assert AuditEntry.objects.count() == entries
    assert set(Customer.objects.values_list("cps", flat=True)) == {2}
    assert forget_old_results() == 0


def test_what_is_forgotten_cannot_be_taken_back(edit: Edit, cards: list[Customer], by: UserActor) -> None:
    work = ended(edit(cps=1), days=31)
    assert may_undo(work)
    forget_old_results()
    work.refresh_from_db()
    assert not may_undo(work)
    with pytest.raises(Conflict) as refusal:
        undo_work(work_id=work.pk, by=by)
    assert refusal.value.detail == FORGOTTEN
    assert set(Customer.objects.values_list("cps", flat=True)) == {1}


def test_the_api_and_the_page_say_so(
    edit: Edit, cards: list[Customer], by: UserActor, api_of: Callable[..., ApiClient], client: Client
) -> None:
    work = ended(edit(cps=1), days=31)
    api = api_of(by.user)
    assert api.get(f"bulk-works/{work.pk}").json()["forgotten_at"] is None
    forget_old_results()
    told = api.get(f"bulk-works/{work.pk}").json()
    assert told["forgotten_at"] is not None
    assert told["undo"] is None
    answer = api.post(f"bulk-works/{work.pk}/undo", {})
    assert (answer.status_code, answer.json()["detail"]) == (HTTPStatus.CONFLICT, FORGOTTEN)
    client.force_login(by.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/bulk-works/{work.pk}/")
    assert FORGOTTEN in page.content.decode()
    assert b"undo-work" not in page.content


def test_work_that_goes_on_or_waits_is_not_forgotten(cards: list[Customer], by: UserActor) -> None:
    begun = begin_edit(visible_to(by.user), changes={"cps": 1}, by=by)
    planned = actions.plan_bulk_edit(
        visible_to(by.user), values={"cps": 2}, run_at=now() + timedelta(days=90), by=by
    )
    BulkWork.objects.update(made_at=now() - timedelta(days=60))
    assert forget_old_results() == 0
    actions.cancel_change(change_id=planned.pk, by=by)
    assert forget_old_results() == 1
    assert kept(begun) == (0, 2)


def test_what_was_held_cannot_be_gone_on_with(cards: list[Customer], by: UserActor) -> None:
    change = actions.plan_bulk_edit(
        visible_to(by.user), values={"cps": 2}, run_at=now() + timedelta(hours=1), by=by
    )
    actions.update_customer(customer_id=cards[0].pk, values={"cps": 9}, by=by)
    ran = actions.run_change(change_id=change.pk, by=by)
    assert ran.work is not None
    work = ended(done(ran.work), days=31)
    assert work.held == 1
    forget_old_results()
    with pytest.raises(Conflict) as refusal:
        actions.run_change(change_id=change.pk, by=by, override=True)
    assert refusal.value.detail == FORGOTTEN


def test_forgetting_that_was_cut_off_is_finished(
    edit: Edit, cards: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = ended(edit(cps=1), days=31)

    def stop(table: str, column: str, value: int) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "delete_some", stop)
        with pytest.raises(KeyboardInterrupt):
            forget_old_results()
    assert kept(work) == (4, 2)
    assert forget_old_results() == 1
    assert kept(work) == (0, 0)
