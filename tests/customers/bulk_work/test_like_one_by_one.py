"""A bulk edit does to each card what a single change does, and its preview says so beforehand."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linecard.accounts.actor import UserActor
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.bulk_work.fields import BULK_FIELDS
from linecard.customers.bulk_work.preview import preview_edit
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.fields import card_values
from linecard.customers.models import BulkResult, Customer
from linecard.customers.queries import visible_to
from linecard.kernel.errors import Conflict, Invalid
from linecard.kernel.names import name_key
from tests.customers.bulk_work.conftest import done

pytestmark = pytest.mark.django_db

TAGS = st.lists(st.sampled_from(["gold", "Gold", "old", "Ärger", "new"]), max_size=3)
SECTIONS = st.dictionaries(st.sampled_from(["balance", "cdr", "rates"]), st.booleans(), min_size=1)
PLAIN: Mapping[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from(["active", "inactive", "pending_approval"]),
    "channels": st.sampled_from([None, 0, 5, 60]),
    "cps": st.sampled_from([None, 5]),
    "country": st.sampled_from(["", "DE", "CH"]),
    "debit_limit": st.sampled_from(["0", "5", "-5.00", "12.5", "0.125"]),
    "minimum_payment": st.sampled_from(["0", "10.00"]),
    "tax": st.sampled_from(["0", "7.7", "7.700"]),
    "rtp_firewall": st.sampled_from(["locked", "unlocked"]),
    "invoice_schedule": st.sampled_from(["none", "weekly:3"]),
    "invoice_due_days": st.sampled_from([14, 30]),
    "city": st.sampled_from(["", "Oslo"]),
    "email_verification": st.booleans(),
    "portal_access": SECTIONS,
    # stand for those that the test makes
    "reseller": st.sampled_from([None, "north"]),
    "account_manager": st.sampled_from([None, "staff", "north"]),
}
REQUIRED = {"currency": st.sampled_from(["EUR", "JPY", "KWD"]), "archived": st.booleans()}

card_values_given = st.fixed_dictionaries(REQUIRED, optional={**PLAIN, "tags": TAGS})
tag_edits = TAGS | st.fixed_dictionaries({"add": TAGS, "remove": TAGS})
edits = st.fixed_dictionaries({}, optional={**PLAIN, "tags": tag_edits}).filter(bool)


class World:
    """The users and resellers that values name."""

    def __init__(self, by: UserActor, north: Reseller, north_user: User) -> None:
        self.by = by
        self._ids = {
            "reseller": {"north": north.pk},
            "account_manager": {"staff": by.user.pk, "north": north_user.pk},
        }

    def named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with ids for names."""
        return {
            name: self._ids.get(name, {}).get(value, value) if isinstance(value, str) else value
            for name, value in values.items()
        }

    def make(self, cards: list[dict[str, Any]]) -> None:
        """Make the cards; values that go with no card are left out."""
        for number, given_values in enumerate(cards):
            values = self.named({"name": f"Card {number}", **given_values})
            is_archived = values.pop("archived")
            try:
                with transaction.atomic():
                    card = actions.create_customer(values=values, by=self.by)
            except Invalid:
                plain = {"name": f"Card {number}", "currency": values["currency"]}
                card = actions.create_customer(values=plain, by=self.by)
            if is_archived:
                actions.archive_customer(customer_id=card.pk, by=self.by)


@pytest.fixture
def world(by: UserActor, north: Reseller, north_user: User) -> World:
    """See ``World``."""
    return World(by, north, north_user)


def state() -> dict[str, Any]:
    """Every card and its history, without times."""
    return {
        card.name: (
            card_values(card),
            card.version,
            card.search,
            [
                (entry.action, entry.version, entry.changes)
                for entry in AuditEntry.objects.filter(subject_type="customer", subject_id=card.pk).order_by(
                    "id"
                )
            ],
        )
        for card in Customer.objects.all()
    }


def wanted(card: Customer, edit: Mapping[str, Any]) -> dict[str, Any]:
    """What a single change of this card would be given."""
    tags = edit.get("tags")
    if not isinstance(tags, dict):
        return dict(edit)
    removed = {name_key(tag) for tag in tags["remove"]}
    return {**edit, "tags": [*(tag for tag in card.tags if name_key(tag) not in removed), *tags["add"]]}


def one_by_one(edit: Mapping[str, Any], by: UserActor) -> dict[str, str]:
    """Change every card singly; what became of each."""
    told = {}
    for card in Customer.objects.order_by("id"):
        try:
            changed = actions.update_customer(customer_id=card.pk, values=wanted(card, edit), by=by)
        except (Invalid, Conflict):
            told[card.name] = "refused"
        else:
            told[card.name] = "changed" if changed.version > card.version else "unchanged"
    return told


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(cards=st.lists(card_values_given, min_size=1, max_size=6), edit=edits)
@example(
    cards=[{"currency": "EUR", "archived": False, "account_manager": "north", "reseller": "north"}],
    edit={"reseller": None},
)
@example(
    cards=[{"currency": "JPY", "archived": False}, {"currency": "EUR", "archived": False}],
    edit={"debit_limit": "12.5", "cps": 5},
)
def test_bulk_and_single_changes_are_the_same(
    world: World, cards: list[dict[str, Any]], edit: dict[str, Any]
) -> None:
    with transaction.atomic():
        world.make(cards)
        changes = {name: world.named(edit)[name] for name in BULK_FIELDS if name in edit}
        if not is_possible(changes):
            transaction.set_rollback(True)
            return
        with transaction.atomic():
            expected = one_by_one(changes, world.by)
            expected_state = state()
            transaction.set_rollback(True)
        preview = preview_edit(visible_to(world.by.user), changes=changes, by=world.by)
        work = done(begin_edit(visible_to(world.by.user), changes=changes, by=world.by))
        found = dict(BulkResult.objects.filter(work=work).values_list("customer__name", "outcome"))
        told = (preview.total, preview.changed, preview.unchanged, preview.refused)
        found_state = state()
        transaction.set_rollback(True)
    assert found == expected
    assert found_state == expected_state
    counted = list(expected.values())
    assert told == (len(cards), *(counted.count(word) for word in ("changed", "unchanged", "refused")))
    assert sum(preview.reasons.values()) == preview.refused
    for field in preview.fields:
        assert field["count"] == sum(change["count"] for change in field["changes"]) + field["more"]


def is_possible(changes: Mapping[str, Any]) -> bool:
    """Whether the labels are not both added and removed, nor neither."""
    tags = changes.get("tags")
    if not isinstance(tags, dict):
        return True
    add, remove = ({name_key(tag) for tag in tags[part]} for part in ("add", "remove"))
    return bool(add | remove) and not add & remove
