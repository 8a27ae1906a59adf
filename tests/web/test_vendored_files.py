"""The vendored front-end libraries are the released files, complete, licensed and nothing else."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "linecard" / "web" / "static"
LOCKS = [STATIC / "vendor" / "lock.json", ROOT / "e2e" / "vendor" / "lock.json"]
SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
PATH = re.compile(r' d="([^"]+)"')
BOUNDING_BOX = "M0 0h24v24H0z"


def libraries() -> list[tuple[Path, dict[str, Any]]]:
    return [
        (lock.parent / f"{library['folder']}-{library['version']}", library)
        for lock in LOCKS
        for library in json.loads(lock.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("folder", "library"), libraries(), ids=lambda value: getattr(value, "name", ""))
def test_the_files_are_exactly_the_locked_ones(folder: Path, library: dict[str, Any]) -> None:
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == library["files"]


@pytest.mark.parametrize(("folder", "library"), libraries(), ids=lambda value: getattr(value, "name", ""))
def test_each_library_brings_its_licence(folder: Path, library: dict[str, Any]) -> None:
    licences = [path for path in folder.iterdir() if path.name.startswith("LICENSE")]
    assert licences
    assert library["licence"] in {"MIT", "BSD-3-Clause", "0BSD", "Apache-2.0", "MPL-2.0"}


def test_nothing_unlocked_is_vendored() -> None:
    locked = {folder for folder, _ in libraries()}
    present = {path for lock in LOCKS for path in lock.parent.iterdir() if path.is_dir()}
    assert present == locked


def test_the_sprite_holds_every_vendored_icon() -> None:
    (folder,) = (STATIC / "vendor").glob("tabler-icons-*")
    sprite = (STATIC / "web" / "icons.svg").read_text("utf-8")
    drawn = {name: PATH.findall(body) for name, body in SYMBOL.findall(sprite)}
    released = {icon.stem: PATH.findall(icon.read_text("utf-8")) for icon in folder.glob("*.svg")}
    visible = {name: [path for path in paths if path != BOUNDING_BOX] for name, paths in released.items()}
    assert drawn == visible
