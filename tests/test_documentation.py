"""The documentation is true: what it links to, shows, and tells to type exists."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from linecard.config.commands import commands
from linecard.web.documentation import anchor_of, find_page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
MAKE = re.compile(r"(?:^|[\s`$;&|])make ([a-z][a-z-]*)")
LINECARD = re.compile(r"(?:^|[\s`$;&|/])linecard ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)")
HELP_BLOCK = re.compile(r"{%\s*block help\s*%}(.*?){%\s*endblock", re.DOTALL)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tokens_of(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def everything(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def targets_of(page: Path) -> Iterator[str]:
    """Where the page's links and pictures lead."""
    for token in everything(tokens_of(page)):
        for attribute in ("href", "src"):
            if target := token.attrGet(attribute):
                yield str(target)


def anchors_of(page: Path) -> set[str]:
    tokens = tokens_of(page)
    headings = [inline for opening, inline in pairwise(tokens) if opening.type == "heading_open"]
    return {anchor_of("".join(child.content for child in heading.children or ())) for heading in headings}


def code_of(page: Path) -> Iterator[str]:
    """What stands in code blocks and in code spans."""
    for token in everything(tokens_of(page)):
        if token.type in ("fence", "code_block", "code_inline"):
            yield token.content


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    broken = []
    for target in targets_of(page):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if file.is_dir() and DOCS in file.parents:
            file /= "README.md"  # what the product shows for a folder
        if not file.exists() or (parts.fragment and parts.fragment not in anchors_of(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    assert {"run", "test"} <= targets
    named = {name for code in code_of(page) for name in MAKE.findall(code)}
    assert named <= targets


def command_exists(words: list[str]) -> bool:
    """Whether the words name a command; words after a command that has none below it are its arguments."""
    command: click.Command = commands
    for word in words:
        if not isinstance(command, click.Group):
            return True
        found = command.get_command(click.Context(command), word)
        if found is None:
            return False
        command = found
    return True


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_command_exists(page: Path) -> None:
    named = {words for code in code_of(page) for words in LINECARD.findall(code)}
    assert [words for words in named if not command_exists(words.split())] == []


def test_unknown_commands_would_be_noticed() -> None:
    assert command_exists(["token", "create"])
    assert not command_exists(["token", "destroy"])
    assert not command_exists(["destroy"])


def help_slugs() -> Iterator[tuple[str, str]]:
    for template in sorted((ROOT / "src").rglob("templates/**/*.html")):
        for slug in HELP_BLOCK.findall(template.read_text("utf-8")):
            if slug.strip() and "{" not in slug:
                yield relative(template), slug.strip()


def test_every_screen_s_help_page_exists() -> None:
    missing = [
        f"{template}: {slug}"
        for template, slug in help_slugs()
        if find_page(slug.partition("#")[0], lambda name: name) is None
    ]
    assert missing == []


def test_every_page_has_one_title() -> None:
    for page in PAGES:
        titles = [token for token in tokens_of(page) if token.type == "heading_open" and token.tag == "h1"]
        assert len(titles) == 1, relative(page)


def linked_pages(page: Path) -> Iterator[Path]:
    for target in targets_of(page):
        parts = urlsplit(target)
        file = (page.parent / unquote(parts.path)).resolve()
        if not parts.scheme and file.suffix == ".md" and file.is_file() and DOCS in file.parents:
            yield file


def test_every_page_can_be_reached_from_the_first_one() -> None:
    """Decisions are listed by their folder alone."""
    reached, waiting = set[Path](), [DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += linked_pages(page)
    expected = {page for page in PAGES[1:] if page.parent.name != "adr"}
    assert {relative(page) for page in expected - reached} == set()
