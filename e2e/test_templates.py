"""Templates: customised with a live preview, an error with its place, put back; chosen in Send."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, axe, every_screen, fits
from linecard.accounts.models import User
from linecard.customers.models import Contact
from linecard.messaging.models import MessageTemplate
from tests.conftest import MakeCustomer

Enter = Callable[[User], Page]


@every_screen
def test_a_stock_template_is_customised_and_put_back(
    enter: Enter, admin: User, make_customer: MakeCustomer, complaints: Complaints
) -> None:
    complaints.expect("422")
    complaints.expect("Blocked script execution in .*/send/frame/")  # the journey's own, when it looks inside
    card = make_customer("Azure Voice")
    make_customer("Blue Telecom")
    Contact.objects.create(customer=card, name="Ann", email="ann@azure.example")
    page = enter(admin)
    page.goto("/templates/")
    page.get_by_role("link", name="Low balance", exact=True).click()
    shown = page.locator("#template-preview")
    expect(shown).to_contain_text("the credit left of Azure Voice is 0.00 EUR")
    text = page.get_by_label("Text", exact=True)
    text.fill("Dear {{ contact.nam }}")
    expect(shown).to_contain_text("Text: Line 1, column 9: There is no field contact.nam.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Line 1, column 9: There is no field contact.nam.").first).to_be_visible()
    text.fill("Dear ")
    page.get_by_text("Merge fields").click()
    page.get_by_role("button", name="Contact’s name").click()
    expect(shown).to_contain_text("Dear Ann")
    page.get_by_label("As this customer reads it").fill("blue")
    expect(shown).to_contain_text("Blue Telecom · has no contact")
    axe(page)
    page.get_by_label("HTML", exact=True).fill('<p style="color: #ff0000">Red for {{ customer.name }}</p>')
    framed = shown.frame_locator("iframe").get_by_text("Red for Blue Telecom")
    expect(framed).to_have_css("color", "rgb(255, 0, 0)")
    fits(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The template was saved.")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(page.get_by_text("is as it came with the program")).to_be_visible()
    assert "credit left" in MessageTemplate.objects.get(stock="low_balance").text


def test_a_template_fills_the_dialog_of_send(enter: Enter, admin: User, make_customer: MakeCustomer) -> None:
    Contact.objects.create(customer=make_customer("Azure Voice"), name="Ann", email="ann@azure.example")
    page = enter(admin)
    page.goto("/customers/")
    page.get_by_role("checkbox", name="Select all").check()
    page.get_by_role("button", name="Send", exact=True).click()
    dialog = page.get_by_role("dialog", name="Send to")
    dialog.get_by_label("Template").select_option("Low balance")
    expect(dialog.get_by_label("Subject")).to_have_value("Your credit is running low")
    expect(dialog.get_by_role("region", name="Who gets it")).to_contain_text("the credit left of Azure Voice")
