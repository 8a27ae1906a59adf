"""The form of a card that is there: its ways to save, and what each of them changes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.fields import card_values
from linecard.customers.models import Customer, Note, PendingChange
from linecard.kernel.clock import now
from tests.conftest import MakeCustomer
from tests.customers.pages.forms import Sent, form_of

ClientOf = Callable[[User], Client]

RICH = {
    "channels": 30,
    "debit_limit": "1250.00",
    "tax": "7.7",
    "tags": ["uk", "wholesale"],
    "portal_access": {"cdr": False},
    "vars": '\n# first line is empty\na = "<&>"\n',
    "street": "1 High Street\nFloor 2",
    "country": "GB",
    "invoice_schedule": "monthly:15",
    "website": "https://acme.example",
    "email_verification": True,
}


@pytest.fixture
def browser(client_of: ClientOf, staff: User) -> Client:
    """The employee's browser."""
    return client_of(staff)


@pytest.fixture
def acme(make_customer: MakeCustomer) -> Customer:
    """A card with something in every kind of field."""
    return make_customer("Acme", **RICH)


def edit_url(customer: Customer) -> str:
    return f"/customers/{customer.pk}/edit/"


def loaded(browser: Client, customer: Customer, **typed: Any) -> Sent:
    """The form as the page gives it, with what was typed into it."""
    return {**form_of(browser.get(edit_url(customer))), **typed}


def save(browser: Client, customer: Customer, sent: Sent, way: str = "continue", **more: Any) -> Any:
    return browser.post(edit_url(customer), {**sent, "save": way, **more})


def entries(customer: Customer) -> list[AuditEntry]:
    found = AuditEntry.objects.filter(subject_type="customer", subject_id=customer.pk)
    return list(found.order_by("id"))


def test_saving_the_form_as_it_came_changes_nothing(browser: Client, acme: Customer) -> None:
    before = card_values(acme)
    response = save(browser, acme, loaded(browser, acme))
    assert (response.status_code, response.headers["Location"]) == (302, f"/customers/{acme.pk}/")
    acme.refresh_from_db()
    assert (acme.version, card_values(acme)) == (1, before)
    assert len(entries(acme)) == 1


def test_what_was_edited_is_saved_and_told_in_the_history(
    browser: Client, acme: Customer, staff: User
) -> None:
    save(browser, acme, loaded(browser, acme, channels="", debit_limit="50", city="London"))
    acme.refresh_from_db()
    assert (acme.channels, acme.debit_limit_micros, acme.city) == (None, 50_000_000, "London")
    entry = entries(acme)[-1]
    assert (entry.via, entry.user_id, entry.action) == ("form", staff.pk, "customer.updated")
    assert entry.changes == {
        "channels": [30, None],
        "debit_limit": ["1250.00", "50.00"],
        "city": ["", "London"],
    }


def test_ticks_can_be_taken_away(browser: Client, acme: Customer) -> None:
    sent = loaded(browser, acme)
    del sent["email_verification"]
    del sent["portal_access"]
    save(browser, acme, sent)
    acme.refresh_from_db()
    assert acme.email_verification is False
    assert set(acme.portal_access.values()) == {False}


def test_save_and_stay_stays(browser: Client, acme: Customer) -> None:
    response = save(browser, acme, loaded(browser, acme, cps="7"), "stay")
    assert response.headers["Location"] == edit_url(acme)
    assert form_of(browser.get(edit_url(acme)))["version"] == "2"


def test_a_note_is_saved_with_the_card_or_not_at_all(browser: Client, acme: Customer) -> None:
    response = save(browser, acme, loaded(browser, acme, tax="1000", note_text="Raised."))
    assert response.status_code == 422
    assert not Note.objects.exists()
    save(browser, acme, loaded(browser, acme, tax="10", note_text="Raised."))
    assert Note.objects.get().text == "Raised."
    response = save(browser, acme, loaded(browser, acme, tax="11", note_text="A\x00B"))
    assert response.context["form"].errors["note_text"] == ["Must not contain NUL characters."]
    acme.refresh_from_db()
    assert (str(acme.tax), acme.version) == ("10.000", 2)


def test_the_currency_is_shown_locked_and_cannot_be_sent(browser: Client, acme: Customer) -> None:
    sent = loaded(browser, acme)
    assert "currency" not in sent
    assert "EUR – Euro" in browser.get(edit_url(acme)).content.decode()
    response = save(browser, acme, sent, currency="USD", channels="1")
    assert response.status_code == 422
    message = "Currency can never change once the card is saved."
    assert response.context["form"].errors == {"currency": [message]}
    assert response.content.decode().count(message) == 2  # in the summary, and beside the field
    acme.refresh_from_db()
    assert (acme.currency, acme.channels, acme.version) == ("EUR", 30, 1)
    assert save(browser, acme, sent, currency="EUR").status_code == 302


def test_refused_values_stay_in_the_form(browser: Client, acme: Customer) -> None:
    typed = {
        "debit_limit": "1,000",
        "vars": "a = = 1",
        "tags": "x" * 60,
        "city": "Paris",
        "website": "http://",
    }
    response = save(browser, acme, loaded(browser, acme, **typed))
    assert response.status_code == 422
    sent_again = form_of(response)
    assert {name: sent_again[name] for name in typed} == typed
    assert sent_again["version"] == "1"
    assert "data-guard-unsaved" in response.content.decode()
    acme.refresh_from_db()
    assert acme.version == 1


def test_an_archived_card_is_not_edited(browser: Client, acme: Customer, by: UserActor) -> None:
    sent = loaded(browser, acme, city="Paris")
    actions.archive_customer(customer_id=acme.pk, by=by)
    response = browser.get(edit_url(acme))
    assert response.headers["Location"] == f"/customers/{acme.pk}/"
    sent["version"] = "2"
    response = save(browser, acme, sent)
    assert response.status_code == 422
    assert "This customer is archived. Restore it before changing it." in response.content.decode()
    assert form_of(response)["city"] == "Paris"


@pytest.mark.parametrize(
    ("after", "delay"), [("15m", (0, 15)), ("1h", (1, 0)), ("4h", (4, 0)), ("1d", (24, 0))]
)
def test_delay_and_save_plans_what_was_edited(
    browser: Client, acme: Customer, after: str, delay: tuple[int, int]
) -> None:
    wait = timedelta(hours=delay[0], minutes=delay[1])
    sent = loaded(browser, acme, debit_limit="0", tags="uk, wholesale")
    earliest = now() + wait
    response = save(browser, acme, sent, "delay", **{"delay-after": after})
    assert response.headers["Location"] == f"/customers/{acme.pk}/pending/"
    change = PendingChange.objects.get()
    assert (change.values, change.expected) == ({"debit_limit": "0.00"}, {"debit_limit": "1250.00"})
    assert earliest <= change.run_at <= now() + wait
    acme.refresh_from_db()
    assert (acme.debit_limit_micros, acme.version) == (1_250_000_000, 1)


def test_an_exact_time_is_on_the_users_own_clock(browser: Client, acme: Customer, staff: User) -> None:
    staff.time_zone = "Asia/Kathmandu"
    staff.save()
    soon = (now() + timedelta(days=2)).replace(hour=6, minute=20, second=0, microsecond=0)
    at = f"{soon:%Y-%m-%d}T12:05"
    sent = loaded(browser, acme, cps="5")
    save(browser, acme, sent, "delay", **{"delay-after": "exact", "delay-at": at})
    assert PendingChange.objects.get().run_at == soon


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("", "Write the date and the time, for example 2026-11-30 14:05."),
        ("2020-01-01T00:00", "This time is in the past."),
        ("2199-01-01T00:00", "At most 366 days ahead."),
    ],
)
def test_a_bad_time_plans_nothing_and_opens_the_dialog_again(
    browser: Client, acme: Customer, at: str, message: str
) -> None:
    sent = loaded(browser, acme, cps="5")
    response = save(browser, acme, sent, "delay", **{"delay-after": "exact", "delay-at": at})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [message]
    assert response.context["opened"] == "delay"
    assert form_of(response)["cps"] == "5"
    assert form_of(response)["delay-at"] == at
    assert not PendingChange.objects.exists()


def test_a_time_that_the_clocks_skip_is_refused(browser: Client, acme: Customer, staff: User) -> None:
    staff.time_zone = "Europe/London"
    staff.save()
    year = datetime.now(UTC).year + 1
    last = max(day for day in range(25, 32) if datetime(year, 3, day, tzinfo=UTC).weekday() == 6)
    sent = loaded(browser, acme, cps="5")
    at = f"{year}-03-{last}T01:30"
    response = save(browser, acme, sent, "delay", **{"delay-after": "exact", "delay-at": at})
    assert response.context["form"].non_field_errors() == [
        f"Clocks in Europe/London go forward on {last} March {year}: 01:30 does not exist. Choose another time."
    ]


@pytest.mark.parametrize("way", ["delay", "temporary"])
def test_without_an_edit_there_is_nothing_to_plan(browser: Client, acme: Customer, way: str) -> None:
    response = save(browser, acme, loaded(browser, acme), way, **{f"{way}-after": "1h"})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "Nothing was edited that could be changed later or taken back."
    ]
    assert not PendingChange.objects.exists()


def test_what_would_be_refused_at_its_time_is_refused_now(browser: Client, acme: Customer) -> None:
    sent = loaded(browser, acme, tax="1000", note_text="Later.")
    response = save(browser, acme, sent, "delay", **{"delay-after": "1h"})
    assert response.context["form"].errors["tax"] == ["Must be from 0 to 100 %."]
    assert (PendingChange.objects.count(), Note.objects.count()) == (0, 0)


def test_a_temporary_change_is_done_now_and_taken_back_later(browser: Client, acme: Customer) -> None:
    sent = loaded(browser, acme, debit_limit="2000", note_text="For the weekend.")
    earliest = now() + timedelta(hours=4)
    response = browser.post(
        edit_url(acme), {**sent, "save": "temporary", "temporary-after": "4h"}, follow=True
    )
    told = [str(message) for message in response.context["messages"]]
    acme.refresh_from_db()
    assert acme.debit_limit_micros == 2_000_000_000
    applied, reversion = PendingChange.objects.order_by("id")
    assert (applied.state, reversion.state) == ("applied", "waiting")
    assert reversion.values == {"debit_limit": "1250.00"}
    assert earliest <= reversion.run_at <= now() + timedelta(hours=4)
    assert Note.objects.get().text == "For the weekend."
    assert told[0].endswith(": Debit limit 1,250.00 EUR → 2,000.00 EUR.")
    assert told[0].startswith("Until ")


def test_the_preview_says_in_words_what_will_happen_and_does_nothing(browser: Client, acme: Customer) -> None:
    sent = loaded(browser, acme, debit_limit="2000")
    url = f"{edit_url(acme)}preview/"
    page = browser.post(url, {**sent, "preview": "temporary", "temporary-after": "1h"}).content.decode()
    assert "1,250.00 EUR</span> → <strong>2,000.00 EUR</strong> now, back to 1,250.00 EUR" in page
    assert "Changed back at" in page
    page = browser.post(url, {**sent, "preview": "delay", "delay-after": "1h"}).content.decode()
    assert "Nothing changes before" in page
    page = browser.post(url, {**sent, "preview": "delay", "delay-after": "exact"}).content.decode()
    assert "Choose the date and the time." in page
    page = browser.post(
        url, {**loaded(browser, acme), "preview": "delay", "delay-after": "1h"}
    ).content.decode()
    assert "Nothing was edited yet." in page
    page = browser.post(
        url, {**sent, "tax": "1000", "preview": "delay", "delay-after": "1h"}
    ).content.decode()
    assert "Tax %: Must be from 0 to 100 %." in page
    acme.refresh_from_db()
    assert (acme.version, PendingChange.objects.count()) == (1, 0)


def test_members_of_a_reseller_keep_a_manager_whom_they_cannot_see(
    client_of: ClientOf, north_user: User, staff: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer("Theirs", reseller=north_user.reseller_id, account_manager=staff.pk)
    browser = client_of(north_user)
    sent = loaded(browser, customer, city="Leeds")
    assert sent["account_manager"] == str(staff.pk)
    assert save(browser, customer, sent).status_code == 302
    customer.refresh_from_db()
    assert (customer.city, customer.account_manager_id) == ("Leeds", staff.pk)
