"""Data folders of installations, and quick copies of them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linecard.embedded import Places


@contextmanager
def passable_folder() -> Iterator[Path]:
    """A folder through which the account that runs the database for root can pass; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="linecard-tests-"))
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        shutil.rmtree(folder)


def copy_data_dir(original: Path, copy: Path) -> None:
    """Copy the data folder of an installation that does not run, owners and modes included.

    The copy of PostgreSQL's programs, which nothing writes to, is linked: most of a data folder is that.
    """
    programs = Places(original).binaries
    copy.mkdir()
    shutil.copystat(original, copy)
    for path in original.iterdir():
        if path == programs:
            shutil.copytree(path, copy / path.name, symlinks=True, copy_function=os.link)
        else:
            subprocess.run(["cp", "-a", path, copy], check=True)
