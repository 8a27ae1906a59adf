"""A card with live calls or money owed is archived only when that is asked for, at every door."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.bulk_work.starting import begin_restore
from linecard.customers.models import BulkResult, Customer, Meter
from linecard.customers.queries import visible_to
from linecard.importing.queries import left_alone
from linecard.kernel.errors import Conflict
from tests.conftest import ApiClient, MakeCustomer
from tests.customers.bulk_work.conftest import done, undone
from tests.customers.uploads.conftest import MakeUpload, apply, check, make_upload, undo

__all__ = ["make_upload"]

pytestmark = pytest.mark.django_db

BOTH = "It has live calls. It owes money. It is archived all the same only when that is asked for."


@pytest.fixture
def busy(make_customer: MakeCustomer) -> Customer:
    """A card with a live call that owes money."""
    card = make_customer("Busy")
    Meter.objects.filter(customer=card).update(live_calls=1, balance_micros=-1)
    return card


@pytest.fixture
def browser(by: UserActor) -> Client:
    """The employee's browser."""
    client = Client()
    client.force_login(by.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def is_archived(card: Customer) -> bool:
    return Customer.objects.get(pk=card.pk).is_archived


@pytest.mark.parametrize(
    ("meter", "reason"),
    [({"live_calls": 2}, "It has live calls."), ({"balance_micros": -1}, "It owes money.")],
)
def test_the_reason_is_told_and_nothing_changes(
    meter: dict[str, int], reason: str, by: UserActor, make_customer: MakeCustomer
) -> None:
    card = make_customer()
    Meter.objects.filter(customer=card).update(**meter)
    with pytest.raises(Conflict) as refusal:
        actions.archive_customer(customer_id=card.pk, by=by)
    assert refusal.value.detail == f"{reason} It is archived all the same only when that is asked for."
    assert not is_archived(card)
    assert not AuditEntry.objects.filter(action="customer.archived").exists()


def test_it_is_archived_when_that_is_asked_for(busy: Customer, by: UserActor) -> None:
    actions.archive_customer(customer_id=busy.pk, by=by, archive=True)
    assert is_archived(busy)


def test_money_in_hand_keeps_no_card(by: UserActor, make_customer: MakeCustomer) -> None:
    card = make_customer()
    Meter.objects.filter(customer=card).update(balance_micros=1)
    actions.archive_customer(customer_id=card.pk, by=by)
    assert is_archived(card)


def test_what_is_archived_already_stays_so(busy: Customer, by: UserActor) -> None:
    actions.archive_customer(customer_id=busy.pk, by=by, archive=True)
    assert actions.archive_customer(customer_id=busy.pk, by=by).is_archived


def test_the_api_refuses_unless_archive_is_true(
    busy: Customer, by: UserActor, api_of: Callable[..., ApiClient]
) -> None:
    api = api_of(by.user)
    answer = api.delete(f"customers/{busy.pk}")
    assert (answer.status_code, answer.json()["detail"]) == (HTTPStatus.CONFLICT, BOTH)
    assert api.delete(f"customers/{busy.pk}?archive=false").status_code == HTTPStatus.CONFLICT
    assert not is_archived(busy)
    assert api.delete(f"customers/{busy.pk}?archive=yes").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert api.delete(f"customers/{busy.pk}?archive=true").status_code == HTTPStatus.NO_CONTENT
    assert is_archived(busy)


def test_the_page_tells_the_reason_before_it_asks(
    busy: Customer, browser: Client, make_customer: MakeCustomer
) -> None:
    page = browser.get(f"/customers/{busy.pk}/").content.decode()
    assert 'data-confirm="It has live calls. It owes money.\n\nIt passes no more calls' in page
    assert 'data-confirm-verb="Delete all the same"' in page
    assert '<input type="hidden" name="archive" value="yes">' in page
    other = browser.get(f"/customers/{make_customer('Quiet').pk}/").content.decode()
    assert 'data-confirm-verb="Delete"' in other
    assert 'name="archive"' not in other


def test_a_call_that_came_since_the_page_was_shown_keeps_the_card(busy: Customer, browser: Client) -> None:
    answer = browser.post(f"/customers/{busy.pk}/archive/", {"version": 1}, follow=True)
    assert answer.redirect_chain == [(f"/customers/{busy.pk}/", HTTPStatus.FOUND)]
    assert BOTH in answer.content.decode()
    assert not is_archived(busy)
    browser.post(f"/customers/{busy.pk}/archive/", {"version": 1, "archive": "yes"})
    assert is_archived(busy)


def test_undoing_a_restore_archives_no_card_that_a_guard_keeps(
    by: UserActor, make_customer: MakeCustomer
) -> None:
    busy, quiet = make_customer("Busy"), make_customer("Quiet")
    for card in (busy, quiet):
        actions.archive_customer(customer_id=card.pk, by=by)
    work = done(begin_restore(visible_to(by.user), by=by))
    Meter.objects.filter(customer=busy).update(live_calls=1, balance_micros=-1)
    work = undone(work, by)
    assert (is_archived(busy), is_archived(quiet)) == (False, True)
    assert (work.state, work.undone, work.left) == ("undone", 1, 1)
    left = BulkResult.objects.get(work=work, outcome="left")
    assert (left.customer, left.reason) == (busy, "It has live calls. It owes money.")


def test_undoing_an_upload_archives_no_card_that_a_guard_keeps(
    make_upload: MakeUpload, by: UserActor
) -> None:
    upload = apply(check(make_upload("Name,Currency\nBusy,EUR\nQuiet,EUR\n"), by), by)
    busy, quiet = Customer.objects.order_by("name")
    Meter.objects.filter(customer=busy).update(balance_micros=-1)
    upload = undo(upload, by)
    assert (is_archived(busy), is_archived(quiet)) == (False, True)
    assert [(left.row, left.label, left.reason) for left in left_alone(upload)] == [
        (2, "Busy", "It owes money. The customer stays.")
    ]
