"""Sending to customers, as a newcomer does it: set up email, select, write, send, read the log and what arrived."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import axe, every_screen, fits
from linecard.accounts.actor import acting
from linecard.accounts.models import User
from linecard.customers import actions
from linecard.customers.models import Customer
from linecard.messaging.models import Send
from linecard.messaging.work import SendWork
from linecard.setup.actions import change_settings
from tests.conftest import MakeCustomer
from tests.peers.smtp import HOST, SmtpPeer, smtp_server

Enter = Callable[[User], Page]


@pytest.fixture
def peer() -> Iterator[SmtpPeer]:
    """A mail server."""
    with smtp_server() as running:
        yield running


@pytest.fixture
def three(make_customer: MakeCustomer, staff: User) -> Sequence[Customer]:
    """Three customers: two contacts with an address, one without, one card without any."""
    made = [make_customer(name) for name in ("Azure Voice", "Blue Telecom", "Crimson Mobile")]
    by = acting(staff, via="form")
    for card, name, email in ((0, "Ann", "ann@azure.example"), (1, "Bea", "bea@blue.example"), (1, "Cy", "")):
        actions.add_contact(customer_id=made[card].pk, values={"name": name, "email": email}, by=by)
    return made


def set_up(admin: User, peer: SmtpPeer) -> None:
    """As a person would have done it in Settings."""
    given = {
        "email.host": HOST,
        "email.port": peer.port,
        "email.security": "none",
        "email.from_address": "noc@carrier.example",
    }
    change_settings(given, by=acting(admin, via="form"))


def open_dialog(page: Page) -> Locator:
    """Select everything, and ask for Send."""
    page.goto("/customers/")
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("button", name="Send", exact=True).click()
    return page.get_by_role("dialog", name="Send to")


def carry_out(send: Send) -> None:
    """What the worker does."""
    work = SendWork(send.pk)
    while work.advance():
        pass
    work.close()


def test_email_is_set_up_and_tried(enter: Enter, admin: User, peer: SmtpPeer) -> None:
    page = enter(admin)
    page.goto("/settings/#email")
    page.get_by_label("Mail server").fill(HOST)
    page.get_by_label("Port", exact=True).fill(str(peer.port))
    page.get_by_role("radio", name="None").check()
    page.get_by_label("From address").fill("noc@carrier.example")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The settings were saved.")).to_be_visible()
    page.goto("/settings/#email")
    axe(page)
    page.get_by_label("Test email to").fill("me@carrier.example")
    page.get_by_role("button", name="Send a test email").click()
    taken = page.get_by_text("It was taken: taken as A1")
    expect(taken).to_be_visible()
    expect(taken).to_be_in_viewport(ratio=1)
    told, bar = taken.bounding_box(), page.locator(".save-bar").bounding_box()
    assert told is not None
    assert bar is not None
    assert told["y"] + told["height"] <= bar["y"]
    expect(page.get_by_text("Waiting for the server…").first).to_be_hidden()
    (received,) = peer.received
    assert received.recipients == ["me@carrier.example"]


@every_screen
def test_what_is_sent_is_shown_first_and_arrives(
    enter: Enter, staff: User, admin: User, three: Sequence[Customer], peer: SmtpPeer
) -> None:
    set_up(admin, peer)
    page = enter(staff)
    dialog = open_dialog(page)
    expect(dialog).to_contain_text("Send to 3 customers")
    go = dialog.get_by_role("button", name="Send", exact=True)
    expect(go).to_be_disabled()
    shown = dialog.get_by_role("region", name="Who gets it")
    expect(shown).to_contain_text("2 recipients, one message each")
    expect(shown).to_contain_text("Write something")
    dialog.get_by_label("Subject").fill("News for {{ customer.name }}")
    dialog.get_by_label("Text", exact=True).fill("Dear {{ contact.nam }}")
    expect(shown).to_contain_text("Line 1, column 9: There is no field contact.nam.")
    expect(go).to_be_disabled()
    dialog.get_by_label("Text", exact=True).fill("Dear ")
    dialog.get_by_text("Merge fields").click()
    dialog.get_by_role("button", name="Contact’s name").click()
    expect(shown).to_contain_text("Dear Ann")
    expect(shown).to_contain_text("2 recipients, one message each")
    expect(shown).to_contain_text("2 contacts cannot be written to")
    shown.get_by_role("button", name="The next recipient").click()
    expect(shown).to_contain_text("News for Blue Telecom")
    axe(page)
    fits(page)
    dialog.get_by_role("button", name="Send to 2 recipients").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="See how it goes").click()
    expect(page.get_by_text("2 queued, 2 unreachable")).to_be_visible()
    carry_out(Send.objects.get())
    expect(page.get_by_text("2 sent, 2 unreachable")).to_be_visible()
    assert sorted(str(one.message["To"]) for one in peer.received) == [
        "ann@azure.example",
        "bea@blue.example",
    ]
    page.get_by_role("gridcell", name="ann@azure.example").first.press("Enter")
    expect(page.get_by_role("heading", name="ann@azure.example")).to_be_visible()
    expect(page.get_by_text("Dear Ann")).to_be_visible()
    axe(page)
    fits(page)
    page.goto("/sends/")
    expect(page.get_by_role("gridcell", name="News for {{ customer.name }}").first).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_role("gridcell", name="News for {{ customer.name }}").first.press("Enter")
    expect(page.get_by_text("2 sent, 2 unreachable")).to_be_visible()


def test_without_a_mail_server_the_dialog_says_so(
    enter: Enter, staff: User, three: Sequence[Customer]
) -> None:
    dialog = open_dialog(enter(staff))
    expect(dialog.get_by_text("No mail server is set.")).to_be_visible()
    dialog.get_by_role("radio", name="SMS").check()
    expect(dialog.get_by_text("No account for SMS is set.")).to_be_visible()
    expect(dialog.get_by_label("Subject")).to_be_hidden()
    dialog.get_by_label("Text", exact=True).fill("Grüße — ж")
    expect(dialog.get_by_role("button", name="Send", exact=True)).to_be_disabled()
