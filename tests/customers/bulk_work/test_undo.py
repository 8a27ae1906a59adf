"""Taking work on many cards back: former values return, what was changed since stays and is listed."""

import pytest

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.bulk_work.starting import begin_delete, begin_edit, begin_restore, undo_work
from linecard.customers.bulk_work.work import CardsWork
from linecard.customers.models import BulkResult, Customer
from linecard.customers.queries import visible_to
from linecard.kernel.errors import Conflict, NotFound
from tests.conftest import MakeCustomer
from tests.customers.bulk_work.conftest import Edit, done, outcomes, undone, values

pytestmark = pytest.mark.django_db


def test_every_card_gets_its_own_former_values_back(
    edit: Edit, by: UserActor, make_customer: MakeCustomer
) -> None:
    for number in range(5):
        make_customer(
            f"Card {number}", channels=number, tags=["a"] * (number % 2), debit_limit=f"{number}.50"
        )
    make_customer("Yen", currency="JPY", channels=9, debit_limit="7")
    before = {name: values(name) for name in ("channels", "tags", "debit_limit_micros", "portal_access")}
    work = edit(channels=60, tags={"add": ["b"]}, debit_limit="1000", portal_access={"cdr": False})
    assert work.changed == 6
    work = undone(work, by)
    assert {name: values(name) for name in before} == before
    assert (work.state, work.undone, work.left) == ("undone", 6, 0)
    assert set(outcomes(work).values()) == {"undone"}
    entry = AuditEntry.objects.filter(subject_type="customer").latest("id")
    assert entry.note == f"Undoing of Bulk edit of 6 customers (job {work.pk})"
    assert entry.changes["debit_limit"] in ([f"{n}", "7"] for n in ("1000", "1000.00"))
    assert set(Customer.objects.values_list("version", flat=True)) == {3}


def test_a_field_that_was_changed_since_stays_and_is_listed(
    edit: Edit, by: UserActor, make_customer: MakeCustomer
) -> None:
    cards = {name: make_customer(name, channels=5, cps=5) for name in ("A", "B", "C")}
    work = edit(channels=60, cps=60)
    actions.update_customer(customer_id=cards["A"].pk, values={"channels": 7}, by=by)
    actions.update_customer(customer_id=cards["B"].pk, values={"city": "Oslo"}, by=by)
    work = undone(work, by)
    assert values("channels") == {"A": 7, "B": 5, "C": 5}
    assert values("cps") == {"A": 5, "B": 5, "C": 5}
    assert values("city")["B"] == "Oslo"
    left = BulkResult.objects.get(work=work, outcome="left")
    assert (left.customer, left.reason) == (cards["A"], "Changed since, and left as it is: Channels.")
    assert (work.undone, work.left) == (2, 1)


def test_a_field_that_was_set_to_the_same_value_again_was_changed_since(
    edit: Edit, by: UserActor, make_customer: MakeCustomer
) -> None:
    card = make_customer("A", channels=5)
    work = edit(channels=60)
    for channels in (7, 60):  # somebody looked at it, and decided
        actions.update_customer(customer_id=card.pk, values={"channels": channels}, by=by)
    work = undone(work, by)
    assert values("channels") == {"A": 60}
    assert outcomes(work) == {"A": "left"}


def test_a_manager_who_has_left_does_not_come_back(
    edit: Edit, by: UserActor, admin: User, make_customer: MakeCustomer
) -> None:
    make_customer("A", account_manager=admin.pk)
    work = edit(account_manager=None)
    User.objects.filter(pk=admin.pk).update(is_active=False)
    work = undone(work, by)
    assert values("account_manager_id") == {"A": None}
    reason = "Account manager: There is no such active user who may see this card."
    assert BulkResult.objects.get(work=work).reason == reason


def test_nothing_is_taken_back_on_a_card_that_was_archived_since(
    edit: Edit, by: UserActor, make_customer: MakeCustomer
) -> None:
    card = make_customer("A", cps=5)
    work = edit(cps=60)
    actions.archive_customer(customer_id=card.pk, by=by)
    work = undone(work, by)
    assert values("cps") == {"A": 60}
    reason = "The customer was archived since; nothing on it was taken back."
    assert BulkResult.objects.get(work=work).reason == reason


def test_work_is_stopped_and_taken_back_in_the_middle(by: UserActor, make_customer: MakeCustomer) -> None:
    for letter in "abcdefgh":
        make_customer(letter, cps=5)
    work = begin_edit(visible_to(by.user), changes={"cps": 60}, by=by)
    assert CardsWork(work.pk).advance()
    assert sorted(values("cps").values()) == [5, 5, 5, 5, 5, 60, 60, 60]
    work = undone(work, by)
    assert set(values("cps").values()) == {5}
    assert (work.state, work.changed, work.undone) == ("undone", 3, 3)


def test_what_was_deleted_comes_back_unless_somebody_was_there(
    by: UserActor, make_customer: MakeCustomer
) -> None:
    cards = {name: make_customer(name) for name in ("A", "B", "C")}
    work = done(begin_delete(visible_to(by.user), archive=False, by=by))
    assert work.changed == 3
    actions.restore_customer(customer_id=cards["B"].pk, by=by)
    actions.archive_customer(customer_id=cards["B"].pk, by=by)
    work = undone(work, by)
    assert {name for name, at in values("archived_at").items() if at} == {"B"}
    assert outcomes(work) == {"A": "undone", "B": "left", "C": "undone"}
    reason = "It was archived since by somebody else."
    assert BulkResult.objects.get(outcome="left").reason == reason


def test_a_restore_is_taken_back(by: UserActor, make_customer: MakeCustomer) -> None:
    card = make_customer("A")
    actions.archive_customer(customer_id=card.pk, by=by)
    work = done(begin_restore(visible_to(by.user), by=by))
    assert values("archived_at") == {"A": None}
    work = undone(work, by)
    assert values("archived_at")["A"] is not None
    actions_of_card = AuditEntry.objects.filter(subject_type="customer").order_by("id")
    assert [entry.action for entry in actions_of_card] == [
        "customer.created",
        "customer.archived",
        "customer.restored",
        "customer.archived",
    ]


def test_what_changed_nothing_cannot_be_taken_back(
    edit: Edit, by: UserActor, make_customer: MakeCustomer
) -> None:
    make_customer("A", cps=60)
    work = edit(cps=60)
    with pytest.raises(Conflict):
        undo_work(work_id=work.pk, by=by)


def test_nothing_is_taken_back_twice(edit: Edit, by: UserActor, make_customer: MakeCustomer) -> None:
    make_customer("A")
    work = undone(edit(cps=60), by)
    with pytest.raises(Conflict):
        undo_work(work_id=work.pk, by=by)


def test_another_reseller_takes_nothing_back(
    edit: Edit, north: Reseller, north_user: User, south_user: User, make_customer: MakeCustomer
) -> None:
    make_customer("A", reseller=north.pk)
    work = edit(actor=acting(north_user, via="form"), cps=60)
    with pytest.raises(NotFound):
        undo_work(work_id=work.pk, by=acting(south_user, via="form"))
