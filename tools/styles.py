"""Write the parts of vendored style sheets that Linecard uses.

``python tools/styles.py`` reads the releases and writes ``web/components.css`` and ``web/grid/component.css``: without
rules for classes that no template, script or module names, and without custom properties that nothing reads. The
libraries style some hundred components; every rule costs each page time, and a grid most of all, which styles rows
while one scrolls.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import AtRule, Node, QualifiedRule  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "linecard"
STATIC = SOURCE / "web" / "static"
TABLER = STATIC / "vendor" / "tabler-1.6.1"
AG_GRID = STATIC / "vendor" / "ag-grid-community-36.2.0"

WORD = re.compile(r"-?[A-Za-z_][\w-]*")
CLASSES = re.compile(r"""\bclass\s*=\s*(?:"((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"|'([^']*)')""")
QUOTED = re.compile(r"""(?:"([\w -]+)"|'([\w -]+)'|`([^`]*)`|\bclass=\\?["']([^"']*))""")
PROPERTY = re.compile(r"--[\w-]+")
READ_PROPERTY = re.compile(r"var\(\s*(--[\w-]+)")
DECLARED_PROPERTY = re.compile(r"(?<=[{;])\s*(--[\w-]+):(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*(?:;|(?=\}))")
EMPTY_RULE = re.compile(r"[^{}]*\{\s*\}\n?")
# Rules that name any element beside or below another: where rows come and go, or are moved, all would be styled anew.
# And those for what stands before and after each element of a grid: they say what is said of every element already.
COSTLY = ("legend+*", "[style*=", "[class^=ag-]:after", "[class^=ag-]:before")
NESTED = {"media", "supports", "layer", "container"}


@dataclass(frozen=True)
class Sheet:
    """A style sheet that is written, the released ones that it is made of, and scripts of theirs that name classes."""

    path: Path
    releases: Sequence[Path]
    scripts: Sequence[Path] = ()

    def text(self) -> str:
        """What belongs to the sources of now."""
        ours = list(sources())
        scripts = "".join(script.read_text() for script in self.scripts)
        words = set(WORD.findall(scripts)).union(*(class_names(path) for path in ours))
        parts = "".join(part for release in self.releases for part in used(release, words))
        return without_unread(parts, "".join(path.read_text() for path in ours) + scripts)


SHEETS = [
    Sheet(STATIC / "web" / "components.css", [TABLER / "tabler.min.css"]),
    Sheet(
        STATIC / "web" / "grid" / "component.css",
        [AG_GRID / "ag-grid.min.css", AG_GRID / "ag-theme-quartz-no-font.min.css"],
        [AG_GRID / "ag-grid-community.min.noStyle.js"],
    ),
]


def main() -> None:
    """Write them."""
    for sheet in SHEETS:
        sheet.path.write_text(sheet.text())


def sources() -> Iterator[Path]:
    """Every file of ours that may name a class, or read a custom property."""
    written = {sheet.path for sheet in SHEETS}
    for path in sorted(SOURCE.rglob("*")):
        is_ours = path.is_file() and "vendor" not in path.parts and path not in written
        if is_ours and path.suffix in {".html", ".js", ".py", ".css", ".svg"}:
            yield path


def class_names(path: Path) -> set[str]:
    """The words in attributes ``class`` of a template, and in texts in quotes of a script that may be such a list."""
    in_quotes = CLASSES if path.suffix in {".html", ".css", ".svg"} else QUOTED
    return {word for found in in_quotes.findall(path.read_text()) for word in WORD.findall("".join(found))}


def used(release: Path, words: set[str]) -> Iterator[str]:
    """The rules of a release that may apply, below where they are from and the licence that they carry."""
    yield f"/*! From {release.parent.name}/{release.name}: the part that is used. */\n"
    rules = tinycss2.parse_stylesheet(release.read_text(), skip_whitespace=True)
    yield from (f"{rule.serialize()}\n" for rule in rules if rule.type == "comment" and rule.value[:1] == "!")
    yield from kept(rules, words)


def kept(rules: Iterable[Node], words: set[str]) -> Iterator[str]:
    """The rules that may apply to something, each as text."""
    for rule in rules:
        match rule:
            case QualifiedRule():
                selectors = [one for one in split(rule.prelude) if applies(one, words)]
                if selectors:
                    prelude = ",".join(tinycss2.serialize(one).strip() for one in selectors)
                    yield f"{prelude}{{{tinycss2.serialize(rule.content).strip()}}}\n"
            case AtRule(lower_at_keyword=keyword) if keyword in NESTED and rule.content is not None:
                inner = "".join(kept(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), words))
                if inner:
                    yield f"@{keyword}{tinycss2.serialize(rule.prelude)}{{\n{inner}}}\n"
            case AtRule():
                yield rule.serialize() + "\n"
            case _:
                pass  # comments


def split(prelude: Sequence[Node]) -> list[list[Node]]:
    """The selectors of a list."""
    selectors: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            selectors.append([])
        else:
            selectors[-1].append(node)
    return selectors


def applies(selector: Sequence[Node], words: set[str]) -> bool:
    """Whether something of ours may match: it names no class that we do not. What is in brackets is not looked at."""
    if any(part in tinycss2.serialize(selector) for part in COSTLY):
        return False
    classes = [after.value for node, after in pairwise(selector) if node == "." and after.type == "ident"]
    return words.issuperset(classes)


def without_unread(sheet: str, ours: str) -> str:
    """The style sheet without custom properties that neither it nor anything of ours reads; again while some go."""
    read = {*READ_PROPERTY.findall(sheet), *PROPERTY.findall(ours)}
    shorter = DECLARED_PROPERTY.sub(lambda found: found[0] if found[1] in read else "", sheet)
    return sheet if shorter == sheet else without_unread(EMPTY_RULE.sub("", shorter), ours)


if __name__ == "__main__":
    main()
