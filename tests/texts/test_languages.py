"""A language that nobody speaks: every text of the program in brackets, so that what is in none was not translated."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.test import Client, override_settings

from linecard.accounts.models import User
from linecard.kernel import errors
from linecard.web.problems import problem
from tests.conftest import MakeCustomer
from tools.texts import compile_texts, gather

ClientOf = Callable[[User], Client]

LANGUAGE = "qx"
SHOWN_ATTRIBUTES = frozenset({"alt", "aria-label", "data-confirm", "placeholder", "title"})
# What is in brackets, from the innermost pair outwards: a text may be part of another one.
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
# Names and keys, which are the same in every language.
SAME = re.compile(r"Linecard|API|Ctrl|UTC|Ada\w*|ada|admin|Acme|End|UTF-8")


@pytest.fixture(scope="module")
def bracketed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Catalog]:
    """The program's texts by domain, each translated into itself in brackets."""
    return {domain: _in_brackets(gather(domain)) for domain in ("django", "djangojs")}


def _in_brackets(catalog: Catalog) -> Catalog:
    for message in catalog:
        if isinstance(message.id, tuple):
            message.string = tuple(f"⟦{text}⟧" for text in message.id)
        elif message.id:
            message.string = f"⟦{message.id}⟧"
    catalog.fuzzy = False
    return catalog


@pytest.fixture
def speaker(bracketed: dict[str, Catalog], tmp_path: Path, admin: User) -> Iterator[User]:
    """A user who has chosen that language."""
    for domain, catalog in bracketed.items():
        compile_texts(catalog, tmp_path / LANGUAGE / "LC_MESSAGES" / f"{domain}.po")
    admin.language = LANGUAGE
    admin.save(update_fields=["language"])
    languages = [*settings.LANGUAGES, (LANGUAGE, "Brackets")]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[tmp_path]):
        yield admin


class Shown(HTMLParser):
    """What a page shows, piece by piece; a sentence may hold elements of its own."""

    WITHIN = frozenset({"a", "code", "em", "kbd", "strong", "time"})
    SILENT = frozenset({"option", "script", "style", "time"})

    def __init__(self) -> None:
        super().__init__()
        self.pieces = [""]
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in self.SILENT
        told = [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value]
        if told or tag not in self.WITHIN:
            self.pieces += [*told, ""]

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if tag not in self.WITHIN:
            self.pieces.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces[-1] += data


def untranslated(text: str) -> str:
    """The rest of a text, without what is in brackets."""
    while (less := BRACKETED.sub("", text)) != text:
        text = less
    return SAME.sub("", text)


def left_in_english(html: str) -> list[str]:
    page = Shown()
    page.feed(html)
    return [" ".join(text.split()) for text in page.pieces if re.search("[A-Za-z]{2,}", untranslated(text))]


@pytest.mark.parametrize(
    "address",
    ["/customers/", "/customers/new/", "/account/", "/users/", "/groups/", "/uploads/", "/audit-log/"],
)
def test_a_page_comes_in_the_language_of_its_user(
    speaker: User, client_of: ClientOf, make_customer: MakeCustomer, address: str
) -> None:
    make_customer(name="Acme")
    response = client_of(speaker).get(address)
    assert response.status_code == 200
    assert left_in_english(response.content.decode()) == []
    assert f'lang="{LANGUAGE}"' in response.content.decode()


def test_labels_of_columns_and_choices_are_translated(speaker: User, client_of: ClientOf) -> None:
    declared: dict[str, Any] = client_of(speaker).get("/customers/").context["grid_declaration"]
    columns = {column["name"]: column for column in declared["columns"]}
    assert columns["debit_limit"]["label"] == "⟦Debit limit⟧"
    assert columns["channels"]["empty"] == "⟦No limit⟧"
    assert columns["status"]["choices"]["pending_approval"]["label"] == "⟦Pending approval⟧"
    assert declared["many"] == "⟦customers⟧"


def test_a_wrong_value_is_told_in_the_language_of_the_user(speaker: User, client_of: ClientOf) -> None:
    sent = {"name": "Acme", "currency": "EUR", "channels": "many", "save": "continue"}
    page = client_of(speaker).post("/customers/new/", sent).content.decode()
    assert "⟦Write a whole number, for example 30.⟧" in page
    body = client_of(speaker).post("/api/v1/customers", {"name": ""}, content_type="application/json").json()
    assert body["title"] == "⟦Some values are not valid⟧"
    assert {"field": "currency", "message": "⟦This is required.⟧"} in body["errors"]


def test_scripts_find_their_texts(speaker: User, client_of: ClientOf, client: Client) -> None:
    address = f"/texts/{LANGUAGE}.js"
    assert address in client_of(speaker).get("/customers/").content.decode()
    script = client.get(address)
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert '"{count} selected": "\\u27e6{count} selected\\u27e7"' in script.content.decode()
    assert client.get("/texts/nowhere.js").status_code == 404


def test_others_read_what_is_written_in_the_code(
    speaker: User, staff: User, client_of: ClientOf, client: Client
) -> None:
    page = client_of(staff).get("/customers/").content.decode()
    assert "⟦" not in page
    assert "/texts/" not in page
    assert "⟦" not in client.get("/sign-in/").content.decode()
    preferred = client.get("/sign-in/", headers={"Accept-Language": LANGUAGE}).content.decode()
    assert "⟦Sign in⟧" in preferred


def test_the_kernels_errors_have_titles_that_can_be_translated() -> None:
    known = {message.id for message in gather("django")}
    kinds = (errors.Invalid, errors.Forbidden, errors.NotFound, errors.Conflict, errors.Stale)
    assert {kind.title for kind in (errors.LinecardError, *kinds)} <= known
    assert b"Not possible now" in problem(409).content


def test_what_is_translated_keeps_its_gaps() -> None:
    """A gap is a name: what a sentence puts together by place no other language can order."""
    for domain in ("django", "djangojs"):
        for message in gather(domain):
            texts = [message.id] if isinstance(message.id, str) else message.id
            for text in texts:
                assert not re.search(r"%[sd]", text), text
