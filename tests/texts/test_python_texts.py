"""Texts of our Python: what a screen or a refusal says passes through gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "linecard"
# The command line and its machine room speak English; so do the readers of files and what hands messages over, which
# know no Django, and what only programs can provoke: queries and bodies that break the API's grammar.
ENGLISH = re.compile(
    r"(config|delivery|embedded|kernel)/|importing/reading/|\w+/api/|web/(json_bodies|idempotency|answers|strict_parameters|api)"
    r"|web/grid/(query|plan|filters|kinds|ordering|summaries|answering|exporting|group_tables|records|grid)\.py"
    r"|accounts/api_auth"
)
MODULES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if "migrations" not in path.parts and not ENGLISH.match(path.relative_to(ROOT).as_posix())
)

SHOWN_KEYWORDS = frozenset({"empty", "help", "help_text", "label", "legend"})
NOUNS = frozenset({"many", "one"})
REFUSALS = frozenset({"Conflict", "Forbidden", "NotFound", "Refused", "Stale", "ValidationError"})
SAID = frozenset({"messages.error", "messages.info", "messages.success", "messages.warning"})


def raw_texts(source: str) -> Iterator[str]:
    """Texts with words of their own that are shown as they stand."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        shown = [keyword.value for keyword in call.keywords if keyword.arg in SHOWN_KEYWORDS]
        if called == "Screen":
            shown += [keyword.value for keyword in call.keywords if keyword.arg in NOUNS]
        if called.rpartition(".")[2] in REFUSALS:
            shown += call.args[:1]
        if called in SAID or called.endswith(".add_error"):
            shown += call.args[1:2]
        for text in shown:
            if isinstance(text, ast.Constant | ast.JoinedStr) and re.search(
                "[A-Za-z]{2,}", ast.unparse(text)
            ):
                yield ast.unparse(text)


def test_a_text_beside_gettext_is_found() -> None:
    source = (
        'Column(name="city", label="City", empty=gettext_noop("None"))\n'
        'raise errors.Conflict(f"Not {this}.")\n'
        'messages.success(request, gettext("Saved."))\n'
        'form.add_error("city", "Is wrong.")\n'
    )
    assert list(raw_texts(source)) == ["'City'", "f'Not {this}.'", "'Is wrong.'"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_pass_through_gettext(path: Path) -> None:
    assert list(raw_texts(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_looked_up_is_written_out(path: Path) -> None:
    """A text that is put together first is in no catalogue: its gaps are filled after it was looked up."""
    assert not re.search(r'\bn?gettext\w*\(\s*f"', path.read_text("utf-8"))
