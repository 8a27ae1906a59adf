"""What the journeys of uploads have in common: sending a file, and the work that a worker does in real life."""

import re

from playwright.sync_api import Locator, Page, expect

from linecard.importing.actions import UploadWork

UPLOAD_ADDRESS = re.compile(r"/uploads/(\d+)/$")


def send(page: Page, name: str, content: str | bytes) -> None:
    """Choose a file on the page for new uploads, and wait until its rows are shown."""
    page.goto("/uploads/new/?target=customers")
    choose(page, name, content)
    is_ready(page)


def is_ready(page: Page) -> None:
    """The rows are shown and their script runs: one of the cells can be reached by Tab."""
    expect(page.locator("table[role=grid] [tabindex='0']")).to_have_count(1)


def choose(page: Page, name: str, content: str | bytes) -> None:
    """Choose a file on the page as it is."""
    buffer = content if isinstance(content, bytes) else content.encode()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": buffer})


def upload_id(page: Page) -> int:
    """The upload whose page is open."""
    expect(page).to_have_url(UPLOAD_ADDRESS)
    found = UPLOAD_ADDRESS.search(page.url)
    assert found is not None
    return int(found[1])


def work(page: Page) -> None:
    """Do the work that was asked for; the page finds out by itself."""
    upload = UploadWork(upload_id(page))
    while upload.advance():
        pass


def check(page: Page) -> None:
    """Check the file and wait for the report."""
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Checking every row")).to_be_visible()
    work(page)
    expect(page.get_by_role("heading", name="Rows", exact=True)).to_be_visible()


def answer(page: Page, question: str, verb: str) -> None:
    """Say yes to a question, and wait for the page that follows."""
    page.get_by_role("dialog", name=question).get_by_role("button", name=verb).click()


def upload_to_server(page: Page) -> None:
    """Write the good rows and wait for the result."""
    page.get_by_role("button", name="Upload to server").click()
    answer(page, "Upload to server?", "Upload to server")
    expect(page.get_by_role("heading", name="Uploading customers to the server")).to_be_visible()
    work(page)
    expect(page.get_by_role("link", name="Go to the customers")).to_be_visible()


def field(page: Page, label: str) -> Locator:
    """The list of columns of a field."""
    return page.get_by_role("combobox", name=label, exact=True)


def map_to(page: Page, label: str, column: str) -> None:
    """Choose a field's column in the panel; its list is filled when it is reached."""
    columns = field(page, label)
    columns.focus()
    columns.select_option(label=column)
