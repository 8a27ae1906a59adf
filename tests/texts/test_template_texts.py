"""Texts of our templates: each stands in a translate tag."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "linecard"
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))

# Names and keys that are the same in every language.
SAME = re.compile(r"Linecard|API|openapi\.json|Ctrl|End|F10")
SHOWN_ATTRIBUTES = frozenset(
    {"alt", "aria-label", "data-confirm", "data-confirm-title", "data-confirm-verb", "placeholder", "title"}
)
# Blocks that hold an address or a class, and sentences that are translated as a whole.
TOLD = re.compile(
    r"\{#.*?#\}"
    r"|\{% block (?:help|body_class|root_attributes) %\}.*?\{% endblock %\}"
    r"|\{% blocktranslate\b.*?\{% endblocktranslate %\}",
    re.DOTALL,
)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# A text that is handed to a tag or a filter: one with a capital or a space, and no time or markup.
HANDED = re.compile(r'(?<!_\()(?<=[=:])"((?:[A-Z][a-z]|[a-z]+ [a-z])[^"]*)"')


class Shown(HTMLParser):
    """What a page shows: text, and attributes that are read out or stand on hover."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def raw_texts(template: str) -> Iterator[str]:
    """Texts with words of their own that no tag translates."""
    bare = TOLD.sub("", template)
    for tag in TAG.findall(bare):
        if not tag.startswith("{% translate"):
            yield from HANDED.findall(tag)
    page = Shown()
    page.feed(TAG.sub("", bare))
    for text in page.texts:
        if re.search("[A-Za-z]{2,}", SAME.sub("", text)):
            yield " ".join(text.split())


def test_a_text_beside_the_tags_is_found() -> None:
    template = (
        '{% extends "x.html" %}{% block help %}screens/users{% endblock %}'
        '<p title="Told {% if a == "b" %}x{% endif %}">Raw {{ name }}</p>'
        '<b title="{% translate \'Fine\' %}">{% translate "Fine" %} · Linecard</b>'
        '{% include "y.html" with title="Handed over" none=_("Fine") %}{{ name|default:"New one" }}'
        "{% blocktranslate trimmed %}Fine <em>too</em>{% endblocktranslate %}"
    )
    assert list(raw_texts(template)) == ["Handed over", "New one", "Told x", "Raw"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_stand_in_translate_tags(path: Path) -> None:
    assert list(raw_texts(path.read_text("utf-8"))) == []
