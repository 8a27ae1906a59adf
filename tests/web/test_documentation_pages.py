"""The documentation inside the product: rendered safely, and nothing but the documentation."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from linecard.accounts.models import User
from linecard.web.documentation import Entry, Heading, find_page, list_folders, list_pages

FIRST_PAGE = """\
# The handbook

[Customers](customers.md), [a part](customers.md#the-grid), [a folder](operating/README.md),
[the licence](../LICENSE), [elsewhere](https://example.com/x), [here](#below), [bad](javascript:alert(1))

![A picture](pictures/one.png)

<script>alert(1)</script>

## Below

| a | b |
|---|--:|
| 1 | 2 |

## Below
### The `grid`, again!
"""


@pytest.fixture(autouse=True)
def handbook(tmp_path: Path, settings: Settings) -> Path:
    """A small handbook beside a file that is none of its business."""
    docs = tmp_path / "docs"
    for folder in ("operating", "pictures"):
        (docs / folder).mkdir(parents=True)
    (docs / "README.md").write_text(FIRST_PAGE)
    (docs / "customers.md").write_text(
        "# Customers\n\nSee [backups](operating/backup.md) and [home](README.md).\n"
    )
    (docs / "operating" / "README.md").write_text("# Running it\n")
    (docs / "operating" / "backup.md").write_text(
        "# Backup\n\n![x](../pictures/one.png) [up](../customers.md)\n"
    )
    (docs / "pictures" / "one.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.md").write_text("# Secret")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (docs / "linked.md").symlink_to(tmp_path / "secret.md")
    (docs / "linked.png").symlink_to(tmp_path / "secret.png")
    (docs / "notes.txt").write_text("Secret")
    settings.DOCS_DIR = docs
    return docs


@pytest.fixture
def reader(example_site: None, staff: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(staff)


def address_of(slug: str) -> str:
    return f"/docs/{slug}"


def html_of(slug: str) -> str:
    page = find_page(slug, address_of)
    assert page is not None
    return page.html


def test_links_and_pictures_work_where_the_pages_are_served() -> None:
    html = html_of("")
    assert '<a href="/docs/customers">Customers</a>' in html
    assert '<a href="/docs/customers#the-grid">a part</a>' in html
    assert '<a href="/docs/operating">a folder</a>' in html
    assert '<a href="https://example.com/x" rel="noopener noreferrer">elsewhere</a>' in html
    assert '<a href="#below">here</a>' in html
    assert '<img src="/docs/pictures/one.png" alt="A picture" />' in html


def test_links_are_relative_to_the_page_s_folder() -> None:
    html = html_of("operating/backup")
    assert '<img src="/docs/pictures/one.png" alt="x" />' in html
    assert '<a href="/docs/customers">up</a>' in html
    assert '<a href="/docs/">home</a>' in html_of("customers")


def test_links_out_of_the_documentation_are_text() -> None:
    html = html_of("")
    assert "the licence" in html
    assert "LICENSE" not in html
    assert "javascript:" not in html.replace("[bad](javascript:alert(1))", "")


def test_raw_html_is_shown_as_text_and_no_style_is_inline() -> None:
    html = html_of("")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "style=" not in html
    assert '<th class="text-end">b</th>' in html


def test_headings_have_anchors_and_make_the_table_of_contents() -> None:
    page = find_page("", address_of)
    assert page is not None
    assert page.title == "The handbook"
    assert page.headings == (
        Heading(2, "below", "Below"),
        Heading(2, "below-1", "Below"),
        Heading(3, "the-grid-again", "The grid, again!"),
    )
    assert '<h2 id="below-1">Below</h2>' in page.html


def test_all_pages_are_listed() -> None:
    assert list_pages() == [
        Entry("", "The handbook", ""),
        Entry("customers", "Customers", ""),
        Entry("operating", "Running it", "operating"),
        Entry("operating/backup", "Backup", "operating"),
    ]


def test_pages_are_grouped_by_folder() -> None:
    folders = [(folder.name, folder.title, len(folder.entries)) for folder in list_folders()]
    assert folders == [("", "", 2), ("operating", "Running it", 2)]


def test_the_title_is_the_shell_s_to_show() -> None:
    page = find_page("operating/backup", address_of)
    assert page is not None
    assert (page.title, page.html[:8]) == ("Backup", "<p><img ")


def test_a_page_is_shown_within_the_shell(reader: Client) -> None:
    response = reader.get("/docs/operating/backup")
    assert response.status_code == 200
    content = response.content.decode()
    assert "<title>Backup · Linecard</title>" in content
    assert re.findall(r"<h1>(.*?)</h1>", content) == ["Backup"]
    assert 'href="/docs/operating/backup"' in content
    assert "<details open><summary>Running it</summary>" in content
    assert "<script>" not in content


@pytest.mark.parametrize("path", ["/docs/", "/docs/operating", "/docs/operating/"])
def test_folders_show_their_own_page(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 200


def test_a_picture_is_sent_as_it_is(reader: Client) -> None:
    response = reader.get("/docs/pictures/one.png")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "private, max-age=300"
    assert b"".join(response.streaming_content) == b"\x89PNG"  # type: ignore[attr-defined]


OUTSIDE = [
    "../secret",
    "../secret.md",
    "../secret.png",
    "..%2fsecret",
    "..%2fsecret.png",
    "%2e%2e/secret.png",
    "operating/../../secret",
    "operating/../../secret.png",
    "pictures/..%2f..%2fsecret.png",
    "/etc/passwd",
    "//etc/passwd",
    "..\\secret",
    "linked",
    "linked.png",
    "notes.txt",
    "notes",
    "customers.md",
    "operating/backup.md",
    ".png",
    "customers%00",
    "a" * 5000,
    "a" * 5000 + ".png",
]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path[:20])
def test_nothing_else_can_be_read(reader: Client, path: str) -> None:
    response = reader.get(f"/docs/{path}")
    assert response.status_code in (400, 404)
    assert b"ecret" not in response.content.replace(b"..\\secret", b"")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs/", "/docs/customers", "/docs/pictures/one.png"])
def test_only_those_who_signed_in_may_read(browser: Client, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/sign-in/?next={path}"


def test_without_documentation_there_is_no_page(reader: Client, tmp_path: Path, settings: Settings) -> None:
    settings.DOCS_DIR = tmp_path / "missing"
    assert reader.get("/docs/").status_code == 404
