"""Deleting and restoring many cards: what keeps a card, and what hangs on it."""

import pytest

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.bulk_work.preview import preview_delete, preview_restore
from linecard.customers.bulk_work.starting import begin_delete, begin_restore
from linecard.customers.models import BulkResult, Meter
from linecard.customers.queries import visible_to
from tests.conftest import MakeCustomer
from tests.customers.bulk_work.conftest import done, outcomes, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(make_customer: MakeCustomer) -> None:
    """A card with a live call, one that owes money, one with both, and one with neither."""
    for name, calls, balance in (("Calls", 2, 0), ("Owes", 0, -1), ("Both", 1, -5), ("Free", 0, 5)):
        card = make_customer(name)
        Meter.objects.filter(customer=card).update(live_calls=calls, balance_micros=balance)


def test_cards_with_live_calls_or_money_owed_are_refused(busy: None, by: UserActor) -> None:
    work = done(begin_delete(visible_to(by.user), archive=False, by=by))
    assert {name for name, at in values("archived_at").items() if at} == {"Free"}
    reasons = BulkResult.objects.filter(work=work, outcome="refused").values_list("customer__name", "reason")
    assert dict(reasons) == {
        "Calls": "It has live calls.",
        "Owes": "It owes money.",
        "Both": "It has live calls. It owes money.",
    }
    assert (work.changed, work.refused) == (1, 3)


def test_they_are_archived_when_that_is_asked_for(busy: None, by: UserActor) -> None:
    work = done(begin_delete(visible_to(by.user), archive=True, by=by))
    assert (work.changed, work.refused) == (4, 0)
    assert all(values("archived_at").values())
    entries = AuditEntry.objects.filter(action="customer.archived")
    assert [entry.changes for entry in entries] == [{"archived": [False, True]}] * 4
    assert {entry.note for entry in entries} == {f"Delete of 4 customers (job {work.pk})"}


def test_the_preview_tells_what_keeps_cards_and_what_hangs_on_them(
    busy: None, by: UserActor, make_customer: MakeCustomer
) -> None:
    card = make_customer("Rich")
    actions.add_contact(customer_id=card.pk, values={"name": "Anna"}, by=by)
    actions.add_contact(customer_id=card.pk, values={"name": "Bert"}, by=by)
    actions.add_cli(customer_id=card.pk, values={"cli": "442079460000", "reason": "x"}, by=by)
    gone = make_customer("Gone")
    actions.archive_customer(customer_id=gone.pk, by=by)
    preview = preview_delete(visible_to(by.user), archive=False, by=by)
    assert (preview.total, preview.changed, preview.unchanged, preview.refused) == (6, 2, 1, 3)
    assert preview.reasons == {"It has live calls.": 2, "It owes money.": 2}
    assert preview.hanging == [
        {"message": "contacts", "count": 2},
        {"message": "approved CLI", "count": 1},
        {"message": "balance that is not used up", "count": 1},
    ]
    everything = preview_delete(visible_to(by.user), archive=True, by=by)
    assert (everything.changed, everything.unchanged, everything.refused) == (5, 1, 0)


def test_restoring_brings_archived_cards_back_and_leaves_live_ones(
    by: UserActor, make_customer: MakeCustomer
) -> None:
    gone = make_customer("Gone")
    make_customer("Here")
    actions.archive_customer(customer_id=gone.pk, by=by)
    preview = preview_restore(visible_to(by.user), by=by)
    assert (preview.total, preview.changed, preview.unchanged, preview.refused) == (2, 1, 1, 0)
    work = done(begin_restore(visible_to(by.user), by=by))
    assert outcomes(work) == {"Gone": "changed", "Here": "unchanged"}
    assert set(values("archived_at").values()) == {None}


def test_a_reseller_deletes_none_of_anothers_cards(
    north_user: User, north: Reseller, south: Reseller, make_customer: MakeCustomer
) -> None:
    make_customer("Norths", reseller=north.pk)
    make_customer("Souths", reseller=south.pk)
    work = done(begin_delete(visible_to(north_user), archive=True, by=acting(north_user, via="form")))
    assert work.total == 1
    assert {name for name, at in values("archived_at").items() if at} == {"Norths"}
