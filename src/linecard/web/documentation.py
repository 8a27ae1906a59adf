"""The documentation of this very version, rendered from the repository's ``docs`` folder.

A page's slug is its path below ``docs`` without ``.md`` (``operating/backup``); a folder's own page is its
``README.md``. Slugs consist of plain words, so no slug can name a file outside.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

_SLUG = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
_PICTURE = re.compile(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_.-]*[A-Za-z0-9_-]\.(?:png|svg|jpg|webp)")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
_TITLE = re.compile(r"^# +(.+?) *#*$", re.MULTILINE)

MAX_PAGES = 500
MAX_NAME_LENGTH = 200  # less than any file system allows


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a page's table of contents; ``level`` is 2 or 3."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page: its title, and what follows below it.

    ``html`` holds nothing but what Markdown can say: raw HTML is shown as text.
    """

    slug: str
    title: str
    html: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the list of all pages; ``folder`` is empty at the top."""

    slug: str
    title: str
    folder: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The pages of one folder, by the title of its own page; the top has neither name nor title."""

    name: str
    title: str
    entries: list[Entry]


AddressOf = Callable[[str], str]


def find_page(slug: str, address_of: AddressOf) -> Page | None:
    """The page of that slug (empty for the first page). ``address_of`` tells where a slug is served."""
    path = _page_path(slug)
    if path is None:
        return None
    source = path.relative_to(_root()).as_posix()
    return _render(slug, source, path.read_text("utf-8"), address_of)


def find_picture(name: str) -> Path | None:
    """The file of a picture that pages show, or None."""
    return _inside(_root() / name) if _is_plain(name, _PICTURE) else None


def list_pages() -> list[Entry]:
    """All pages, those at the top first, each folder's own page before its others."""
    root = _root()
    found = sorted(path for path in root.rglob("*.md") if _inside(path))[:MAX_PAGES]
    entries = [_entry(path.relative_to(root), _title(path, path.stat().st_mtime_ns)) for path in found]
    return sorted(
        entries, key=lambda entry: (entry.folder, entry.slug != entry.folder, entry.title.casefold())
    )


def list_folders() -> list[Folder]:
    """All pages by folder, the top first."""
    folders = groupby(list_pages(), key=lambda entry: entry.folder)
    return [_folder(name, list(entries)) for name, entries in folders]


def anchor_of(text: str) -> str:
    """A heading's anchor, by the rule that repository hosts use too."""
    return _NOT_IN_ANCHORS.sub("", text.strip().lower()).replace(" ", "-")


def _is_plain(name: str, pattern: re.Pattern[str]) -> bool:
    return len(name) <= MAX_NAME_LENGTH and pattern.fullmatch(name) is not None


def _root() -> Path:
    return Path(settings.DOCS_DIR).resolve()


def _inside(path: Path) -> Path | None:
    """The file itself, unless it is missing or a link that leads out of the documentation."""
    resolved = path.resolve()
    return resolved if resolved.is_file() and resolved.is_relative_to(_root()) else None


def _page_path(slug: str) -> Path | None:
    if slug and not _is_plain(slug, _SLUG):
        return None
    candidates = [_root() / slug / "README.md"]
    if slug:
        candidates.insert(0, _root() / f"{slug}.md")
    return next((found for path in candidates if (found := _inside(path))), None)


def _entry(path: Path, title: str) -> Entry:
    slug = _slug_of(path.as_posix())
    folder = "" if path.parent == Path() else path.parent.as_posix()
    return Entry(slug, title, folder)


def _folder(name: str, entries: list[Entry]) -> Folder:
    own = next((entry.title for entry in entries if entry.slug == name), name.rpartition("/")[2].capitalize())
    return Folder(name, own if name else "", entries)


def _slug_of(source: str) -> str:
    without_suffix = source.removesuffix(".md")
    return "" if without_suffix == "README" else without_suffix.removesuffix("/README")


@lru_cache(maxsize=MAX_PAGES)
def _title(path: Path, _modified: int) -> str:
    found = _TITLE.search(path.read_text("utf-8"))
    return found[1].replace("`", "") if found else path.stem.replace("-", " ").capitalize()


def _render(slug: str, source: str, text: str, address_of: AddressOf) -> Page:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = markdown.parse(text)
    headings = tuple(_anchored(tokens))
    for token in tokens:
        _restyle(token)
        for child in token.children or ():
            _readdress(child, source, address_of)
        _drop_dead_links(token.children or ())
    title = next((heading.text for heading in headings if heading.level == 1), slug or "Documentation")
    html = markdown.renderer.render(_below_title(tokens), markdown.options, {})
    return Page(slug, title, html, tuple(heading for heading in headings if heading.level in (2, 3)))


def _anchored(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Give each heading its anchor; a second one of the same text gets a number."""
    seen: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = "".join(child.content for child in inline.children or ())
        anchor = anchor_of(text)
        seen[anchor] = seen.get(anchor, -1) + 1
        if seen[anchor]:
            anchor = f"{anchor}-{seen[anchor]}"
        opening.attrSet("id", anchor)
        yield Heading(int(opening.tag[1:]), anchor, text)


def _below_title(tokens: list[Token]) -> list[Token]:
    # the shell shows the title
    begins_with_title = bool(tokens) and tokens[0].tag == "h1"
    return tokens[3:] if begins_with_title else tokens


_ALIGNMENTS = {"text-align:right": "text-end", "text-align:center": "text-center"}


def _restyle(token: Token) -> None:
    # the content security policy allows no style attributes
    if alignment := token.attrs.pop("style", None):
        token.attrSet("class", _ALIGNMENTS.get(str(alignment), "text-start"))
    if token.type == "table_open":
        token.attrSet("class", "table")


def _readdress(token: Token, source: str, address_of: AddressOf) -> None:
    attribute = {"link_open": "href", "image": "src"}.get(token.type)
    if attribute is None:
        return
    target = str(token.attrGet(attribute) or "")
    token.attrSet(attribute, _address(target, source, address_of))
    if urlsplit(target).scheme:
        token.attrSet("rel", "noopener noreferrer")


def _address(target: str, source: str, address_of: AddressOf) -> str:
    """Where a link of the page ``source`` leads when served; empty when that is no part of the docs."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not parts.path:
        return target
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(parts.path)))
    if path.startswith(("../", "/")) or path == "..":
        return ""
    name = "" if path == "." else _slug_of(path)
    return address_of(name) + (f"#{parts.fragment}" if parts.fragment else "")


def _drop_dead_links(children: Sequence[Token]) -> None:
    """Turn a link that leads nowhere, such as one to a source file, into its text."""
    dead = False
    for token in children:
        if token.type == "link_open" and not token.attrGet("href"):
            dead = True
        elif not (dead and token.type == "link_close"):
            continue
        else:
            dead = False
        token.type, token.tag, token.nesting, token.content = "text", "", 0, ""
