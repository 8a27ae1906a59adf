"""Texts of our scripts: each passes through gettext, with a value for each of its gaps."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "linecard"
SCRIPTS = sorted(
    path for path in ROOT.glob("*/static/**/*.js") if "vendor" not in path.relative_to(ROOT).parts
)

# Where a script shows a text to people, and the text itself.
SHOWN = re.compile(
    r"""(?:\b(?:label|title|text|verb|no|detail|placeholder|headerName)\s*[:=]\s*
        |\b(?:toast|say|Error)\(
        |textContent\s*=\s*
        |"aria-label",\s*
        |element\("[a-z0-9]+",\s"[^"]*",\s)
        (["`][^"`]*["`])""",
    re.VERBOSE,
)
CALL = re.compile(r'gettext\(\s*"([^"]*)"(?:,\s*"([^"]*)")?([^;]*)')


def raw_texts(script: str) -> Iterator[str]:
    """Texts with words of their own that are shown as they stand."""
    for line in script.splitlines():
        if line.lstrip().startswith("//"):
            continue
        for found in SHOWN.finditer(line):
            if re.search("[A-Za-z]{2,}", re.sub(r"\$\{[^}]*\}", "", found[1])):
                yield found[1]


def test_a_text_beside_gettext_is_found() -> None:
    script = (
        'a = { label: "Open" };\ntoast(`${name} is gone`);\nb = { title: gettext("Save"), text: `${n} %` };'
    )
    assert list(raw_texts(script)) == ['"Open"', "`${name} is gone`"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_pass_through_gettext(path: Path) -> None:
    script = path.read_text("utf-8")
    assert list(raw_texts(script)) == []
    for one, many, rest in CALL.findall(script):
        gaps = set(re.findall(r"\{(\w+)\}", one + many))
        assert not gaps or rest.lstrip().startswith(","), f"{one!r} has gaps and no values"
    assert "gettext(`" not in script, "what is put together cannot be looked up: give values beside the text"
