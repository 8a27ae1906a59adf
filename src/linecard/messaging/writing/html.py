"""HTML that is safe to send and to show, and the text that says the same."""

import re
from collections import defaultdict
from html.parser import HTMLParser

import nh3

_TAGS = frozenset(
    "a abbr b blockquote br caption center code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr"
    " i img ins li ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "*": {"style", "title", "dir", "lang", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"width", "height", "colspan", "rowspan", "valign", "bgcolor"},
    "th": {"width", "height", "colspan", "rowspan", "valign", "bgcolor", "scope"},
    "tr": {"bgcolor", "valign"},
    "ol": {"start", "type"},
}
_STYLES = frozenset(
    "background-color border border-bottom border-collapse border-left border-radius border-right border-spacing"
    " border-top color display font-family font-size font-style font-weight height letter-spacing line-height margin"
    " margin-bottom margin-left margin-right margin-top max-width min-width padding padding-bottom padding-left"
    " padding-right padding-top text-align text-decoration vertical-align white-space width".split()
)
_DROPPED = frozenset(
    ("script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math")
)
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    clean_content_tags=set(_DROPPED),
    url_schemes={"http", "https", "mailto", "tel"},
    filter_style_properties=set(_STYLES),
    url_relative="deny",
    link_rel=None,
)

_PARAGRAPHS = frozenset("p div h1 h2 h3 h4 h5 h6 table ul ol blockquote pre dl figure center".split())
_LINES = frozenset(("br", "tr", "li", "dt", "dd", "caption", "figcaption"))
MAX_DEPTH = 200
MAX_ELEMENTS = 5_000
_ELEMENT = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# They have no end, or the next one of their kind ends them.
_CLOSE_THEMSELVES = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source tbody td tfoot th thead tr wbr".split()
)
_BLANKS = re.compile(r"[ \t\r\f\v\n\u00a0]+")


class TooMuch(Exception):
    """The HTML is nested deeper, or has more elements, than any message needs."""


def safe_html(html: str) -> str:
    """The HTML with everything left out that could act, fetch from elsewhere than the web, or disguise itself.

    Raises ``TooMuch``: the time that cleaning takes grows with the square of the depth.
    """
    require_shallow(html)
    return _CLEANER.clean(html)


def require_shallow(html: str) -> None:
    """Raise ``TooMuch`` for more than ``MAX_DEPTH`` elements that are open at once, or ``MAX_ELEMENTS`` in all.

    What only looks like an end may make the depth seem smaller than it is; it cannot exceed their number.
    """
    opened: dict[str, int] = defaultdict(int)
    depth = elements = 0
    for slash, written in _ELEMENT.findall(html):
        name = written.lower()
        elements += not slash
        if elements > MAX_ELEMENTS:
            raise TooMuch
        if name in _CLOSE_THEMSELVES:
            continue
        if not slash:
            opened[name] += 1
            depth += 1
        elif opened[name]:  # the end of another element ends none of those that are open
            opened[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            raise TooMuch


def html_page(body: str) -> str:
    """A fragment as the document that an email is."""
    return f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body>{body}</body></html>\n'


def text_of(html: str) -> str:
    """What the HTML says, as lines of text: links with their addresses, lists with dashes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._is_fixed = 0
        self._is_dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _DROPPED:
            self._is_dropped += 1
        elif tag in _PARAGRAPHS:
            self._parts.append("\n\n")
            self._is_fixed += tag == "pre"
        elif tag in _LINES:
            self._parts.append("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self._parts.append("  ")
        elif tag == "hr":
            self._parts.append("\n\n---\n\n")
        elif tag == "img":
            self._parts.append(given.get("alt") or "")
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self._parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._is_dropped = max(0, self._is_dropped - 1)
        elif tag in _PARAGRAPHS:
            self._parts.append("\n\n")
            self._is_fixed = max(0, self._is_fixed - (tag == "pre"))
        elif tag == "a" and self._links:
            address, begun = self._links.pop()
            said = "".join(self._parts[begun:]).strip()
            if address and address.removeprefix("mailto:") != said:
                self._parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self._is_dropped:
            self._parts.append(data if self._is_fixed else _BLANKS.sub(" ", data))

    def text(self) -> str:
        """All of it, with at most one empty line in a row."""
        lines = [line.strip() for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
