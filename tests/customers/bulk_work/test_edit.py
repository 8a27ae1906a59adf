"""A bulk edit: what it changes, what it refuses and why, what the history says, and what it would do."""

from typing import Any

import pytest

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.bulk_work.preview import preview_edit
from linecard.customers.bulk_work.rules import ARCHIVED
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.models import BulkResult, BulkWork, Customer
from linecard.customers.queries import visible_to
from linecard.kernel.errors import Forbidden, Invalid
from tests.conftest import PASSWORD, MakeCustomer
from tests.customers.bulk_work.conftest import Edit, done, outcomes, values

pytestmark = pytest.mark.django_db


def numbers(work: BulkWork) -> tuple[int, int, int, int]:
    return work.changed, work.unchanged, work.refused, work.held


def test_every_card_gets_the_value_with_an_entry_that_names_the_work(
    edit: Edit, staff: User, make_customer: MakeCustomer
) -> None:
    cards = [make_customer(f"Card {letter}", channels=5) for letter in "abcdefg"]
    make_customer("Card h", channels=60)
    work = edit(channels=60)
    assert (work.state, work.total, numbers(work)) == ("done", 8, (7, 1, 0, 0))
    assert set(values("channels").values()) == {60}
    assert outcomes(work) == {**{card.name: "changed" for card in cards}, "Card h": "unchanged"}
    entries = AuditEntry.objects.filter(subject_type="customer", action="customer.updated")
    assert {entry.subject_id for entry in entries} == {card.pk for card in cards}
    for entry in entries:
        assert entry.changes == {"channels": [5, 60]}
        assert (entry.user_id, entry.user_name, entry.via) == (staff.pk, "Stella Staff", "bulk")
        assert (entry.version, entry.note) == (2, f"Bulk edit of 8 customers (job {work.pk})")
    assert set(Customer.objects.exclude(name="Card h").values_list("version", flat=True)) == {2}
    results = BulkResult.objects.filter(work=work, outcome="changed").values_list("customer_id", "entry_id")
    assert set(results) == {(entry.subject_id, entry.pk) for entry in entries}


def test_the_work_itself_is_in_the_audit_log(edit: Edit, make_customer: MakeCustomer) -> None:
    make_customer()
    work = edit(status="inactive")
    told = AuditEntry.objects.filter(subject_type="bulk_work", subject_id=work.pk).order_by("id")
    assert [(entry.action, entry.changes, entry.note, entry.via) for entry in told] == [
        ("bulk_edit.begun", {"status": [None, "inactive"]}, "Bulk edit of 1 customer", "form"),
        ("bulk_edit.done", {}, "Bulk edit of 1 customer: 1 changed.", "bulk"),
    ]


def test_labels_are_added_and_taken_off_in_the_spelling_that_was_first(
    edit: Edit, make_customer: MakeCustomer
) -> None:
    make_customer("A", tags=["Gold", "old"])
    make_customer("B", tags=["silver"])
    make_customer("C", tags=["GOLD"])
    work = edit(tags={"add": ["gold", "New"], "remove": ["OLD"]})
    assert values("tags") == {"A": ["Gold", "New"], "B": ["Gold", "New", "silver"], "C": ["Gold", "New"]}
    assert numbers(work) == (3, 0, 0, 0)
    assert numbers(edit(tags={"add": ["new"]})) == (0, 3, 0, 0)
    edit(tags=["only"])
    assert set(map(tuple, values("tags").values())) == {("only",)}
    edit(tags=[])
    assert set(map(tuple, values("tags").values())) == {()}


def test_only_the_given_sections_of_the_portal_change(edit: Edit, make_customer: MakeCustomer) -> None:
    make_customer("A", portal_access={"cdr": False})
    make_customer("B")
    work = edit(portal_access={"balance": False})
    access = values("portal_access")
    assert (access["A"]["cdr"], access["A"]["balance"]) == (False, False)
    assert (access["B"]["cdr"], access["B"]["balance"]) == (True, False)
    assert numbers(work) == (2, 0, 0, 0)


def test_an_amount_is_taken_in_each_cards_own_currency_or_refused(
    edit: Edit, make_customer: MakeCustomer
) -> None:
    make_customer("Euro")
    make_customer("Yen", currency="JPY")
    make_customer("Dinar", currency="KWD")
    work = edit(debit_limit="12.50")
    assert values("debit_limit_micros") == {"Euro": 12_500_000, "Yen": 0, "Dinar": 12_500_000}
    assert outcomes(work) == {"Euro": "changed", "Yen": "refused", "Dinar": "changed"}
    assert BulkResult.objects.get(outcome="refused").reason == "Debit limit: JPY has no decimals."
    changes = AuditEntry.objects.filter(action="customer.updated").values_list("changes", flat=True)
    assert sorted(one["debit_limit"][1] for one in changes) == ["12.50", "12.500"]


def test_a_manager_is_refused_where_they_may_not_see_the_card(
    edit: Edit, north: Reseller, north_user: User, make_customer: MakeCustomer
) -> None:
    make_customer("Ours")
    make_customer("Norths", reseller=north.pk)
    work = edit(account_manager=north_user.pk)
    assert values("account_manager_id") == {"Ours": None, "Norths": north_user.pk}
    reason = "Account manager: There is no such active user who may see this card."
    assert BulkResult.objects.get(work=work, outcome="refused").reason == reason


def test_archived_cards_are_refused(edit: Edit, by: UserActor, make_customer: MakeCustomer) -> None:
    gone = make_customer("Gone")
    make_customer("Here")
    actions.archive_customer(customer_id=gone.pk, by=by)
    work = edit(cps=3)
    assert values("cps") == {"Gone": None, "Here": 3}
    assert BulkResult.objects.get(work=work, customer=gone).reason == ARCHIVED


def test_a_reseller_changes_its_own_cards_alone(
    edit: Edit, north_user: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    make_customer("Ours")
    make_customer("Norths", reseller=north.pk)
    work = edit(actor=acting(north_user, via="form"), city="Oslo")
    assert (work.total, work.reseller) == (1, north)
    assert values("city") == {"Ours": "", "Norths": "Oslo"}


def test_cards_that_left_in_the_meantime_are_not_touched(
    by: UserActor, north_user: User, north: Reseller, make_customer: MakeCustomer
) -> None:
    card = make_customer("Norths", reseller=north.pk)
    actor = acting(north_user, via="form")
    work = begin_edit(visible_to(north_user), changes={"city": "Oslo"}, by=actor)
    actions.update_customer(customer_id=card.pk, values={"reseller": None}, by=by)
    done(work)
    assert values("city") == {"Norths": ""}
    assert BulkResult.objects.get(work=work).reason == "The customer is no longer yours to change."


def test_a_card_that_was_changed_after_the_work_was_begun_is_left_alone(
    by: UserActor, make_customer: MakeCustomer
) -> None:
    card = make_customer("Busy")
    make_customer("Quiet")
    work = begin_edit(visible_to(by.user), changes={"channels": 60}, by=by)
    actions.update_customer(customer_id=card.pk, values={"channels": 7}, by=by)
    done(work)
    assert values("channels") == {"Busy": 7, "Quiet": 60}
    result = BulkResult.objects.get(work=work, customer=card)
    assert (result.outcome, result.reason) == ("held", "Changed by Stella Staff since this was begun.")


def test_who_lost_the_permission_changes_nothing_more(
    by: UserActor, staff: User, make_customer: MakeCustomer
) -> None:
    for letter in "abcd":
        make_customer(letter)
    work = begin_edit(visible_to(staff), changes={"city": "Oslo"}, by=by)
    User.objects.filter(pk=staff.pk).update(is_active=False)
    done(work)
    assert (work.state, work.changed) == ("failed", 0)
    assert work.problem == "Stella Staff is not active any more."
    assert set(values("city").values()) == {""}


def test_who_may_only_read_begins_nothing(staff: User, make_customer: MakeCustomer, viewer: User) -> None:
    make_customer()
    with pytest.raises(Forbidden):
        begin_edit(visible_to(viewer), changes={"city": "Oslo"}, by=acting(viewer, via="form"))


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({}, "changes", "Nothing to change was given."),
        ({"name": "x"}, "name", "There is no such field that can be changed on many customers."),
        ({"currency": "USD"}, "currency", "There is no such field that can be changed on many customers."),
        ({"channels": -1}, "channels", "Must be from 0 to 1,000,000."),
        ({"status": "off"}, "status", "'off' is not one of active, inactive, pending_approval."),
        ({"debit_limit": "1.12345"}, "debit_limit", "CLF has 4 decimals."),
        ({"portal_access": {}}, "portal_access", "Give at least one section."),
        ({"tags": {"add": ["x"], "remove": ["X"]}}, "tags", "x cannot be added and removed at once."),
        ({"tags": {"add": []}}, "tags", "Give at least one name to add or to remove."),
        ({"tags": {"set": ["x"]}}, "tags", "Must be a list of names, or an object with add and remove."),
        ({"reseller": 999_999}, "reseller", "There is no such reseller."),
        ({"account_manager": 999_999}, "account_manager", "There is no such active user."),
    ],
)
def test_what_no_card_could_take_is_refused_at_once(
    by: UserActor, make_customer: MakeCustomer, changes: dict[str, Any], field: str, message: str
) -> None:
    make_customer()
    for begin in (begin_edit, preview_edit):
        with pytest.raises(Invalid) as refusal:
            begin(visible_to(by.user), changes=changes, by=by)
        assert [(error.field, error.message) for error in refusal.value.errors] == [(field, message)]
    assert not BulkWork.objects.exists()


@pytest.mark.parametrize("number", [5, 6, 7, 12, 13])
def test_all_cards_are_meant_once_in_the_order_of_their_ids(
    number: int, by: UserActor, make_customer: MakeCustomer
) -> None:
    ids = [make_customer(f"Card {number - place}").pk for place in range(number)]
    work = begin_edit(visible_to(by.user), changes={"cps": 1}, by=by)
    assert work.total == number
    blocks = work.blocks.order_by("number")
    assert [(block.number, block.ids) for block in blocks] == [
        (1 + first // 3, ids[first : first + 3]) for first in range(0, number, 3)
    ]
    assert all(block.versions == [1] * len(block.ids) for block in blocks)


def test_a_selection_of_nothing_is_refused(by: UserActor) -> None:
    with pytest.raises(Invalid) as refusal:
        begin_edit(visible_to(by.user), changes={"cps": 1}, by=by)
    assert refusal.value.errors[0].message == "No customer is selected."
    assert not BulkWork.objects.exists()


def test_the_preview_counts_from_what_to_what(by: UserActor, edit: Edit, make_customer: MakeCustomer) -> None:
    for letter in "abc":
        make_customer(letter, channels=5)
    make_customer("d", status="inactive", channels=7)
    make_customer("e", status="inactive", channels=9)
    gone = make_customer("f")
    actions.archive_customer(customer_id=gone.pk, by=by)
    preview = preview_edit(visible_to(by.user), changes={"status": "inactive", "channels": 9}, by=by).answer()
    assert preview == {
        "total": 6,
        "changed": 4,
        "unchanged": 1,
        "refused": 1,
        "reasons": [{"message": ARCHIVED, "count": 1}],
        "fields": [
            {
                "field": "status",
                "label": "Status",
                "count": 3,
                "changes": [
                    {
                        "old": "active",
                        "new": "inactive",
                        "old_shown": "Active",
                        "new_shown": "Inactive",
                        "count": 3,
                    }
                ],
                "more": 0,
            },
            {
                "field": "channels",
                "label": "Channels",
                "count": 4,
                "changes": [
                    {"old": 5, "new": 9, "old_shown": "5", "new_shown": "9", "count": 3},
                    {"old": 7, "new": 9, "old_shown": "7", "new_shown": "9", "count": 1},
                ],
                "more": 0,
            },
        ],
        "hanging": [],
    }
    assert numbers(edit(status="inactive", channels=9)) == (4, 1, 1, 0)


def test_the_preview_counts_cards_that_would_have_too_many_labels(
    by: UserActor, edit: Edit, make_customer: MakeCustomer
) -> None:
    many = [f"label {number}" for number in range(48)]
    make_customer("a", tags=many)
    make_customer("b", tags=[*many, "old"])
    make_customer("c", tags=[*many, "gold"])
    make_customer("d", tags=[*many, "one", "two"])
    make_customer("e", tags=[*many, "one"])
    changes = {"tags": {"add": ["gold", "silver"], "remove": ["old"]}}
    preview = preview_edit(visible_to(by.user), changes=changes, by=by)
    assert (preview.changed, preview.refusals) == (3, [{"message": "Tags: At most 50 tags.", "count": 2}])
    assert outcomes(edit(**changes)) == {
        **dict.fromkeys("abc", "changed"),
        **dict.fromkeys("de", "refused"),
    }


def test_the_preview_names_the_most_frequent_values_and_counts_the_rest(
    by: UserActor, make_customer: MakeCustomer
) -> None:
    for number in range(10):
        make_customer(f"Card {number}", channels=number)
    (told,) = preview_edit(visible_to(by.user), changes={"channels": 99}, by=by).fields
    assert (told["count"], len(told["changes"]), told["more"]) == (10, 6, 4)


@pytest.fixture
def viewer(admin: User) -> User:
    """Somebody who may see cards, and no more."""
    ada = acting(admin, via="form")
    group = accounts.create_group(name="Looking", permissions={"customers": ["read"]}, by=ada)
    return accounts.create_user(username="vera", name="", password=PASSWORD, groups=[group], by=ada)
