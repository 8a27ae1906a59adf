"""Write what is derived from the vendored front-end files: the locks' hashes and the icon sprite.

Run it after a library was replaced or an icon added: ``python tools/build_assets.py``. Names, versions and
licences in a lock are kept by hand; the files and their hashes are read from the folders.
"""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src" / "linecard" / "web" / "static"
LOCKS = [STATIC / "vendor" / "lock.json", ROOT / "e2e" / "vendor" / "lock.json"]
SPRITE = STATIC / "web" / "icons.svg"

BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
BOUNDING_BOX = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" />')


def hashes(folder: Path) -> dict[str, str]:
    """Every file below the folder by its relative name, with its SHA-256 in hexadecimal."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refresh(lock: Path) -> None:
    """Write the hashes of the files beside the lock into it."""
    libraries = json.loads(lock.read_text("utf-8"))
    for library in libraries:
        library["files"] = hashes(lock.parent / f"{library['folder']}-{library['version']}")
    lock.write_text(json.dumps(libraries, indent=2, ensure_ascii=False) + "\n", "utf-8")


def symbol(icon: Path) -> str:
    """One icon as a symbol of the sprite: the drawing without its invisible bounding box."""
    found = BODY.search(icon.read_text("utf-8"))
    if found is None:
        raise SystemExit(f"{icon} is not an SVG")
    drawing = re.sub(r"\s+", " ", BOUNDING_BOX.sub("", found[1])).strip()
    return f'<symbol id="{icon.stem}" viewBox="0 0 24 24">{drawing}</symbol>'


def sprite() -> str:
    """All vendored icons in one file; a page shows one with ``<use href="icons.svg#name">``."""
    (folder,) = (STATIC / "vendor").glob("tabler-icons-*")
    symbols = "\n".join(symbol(icon) for icon in sorted(folder.glob("*.svg")))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


if __name__ == "__main__":
    for path in LOCKS:
        refresh(path)
    SPRITE.write_text(sprite(), "utf-8")
