"""Who runs the server, and whose the folders are.

PostgreSQL refuses to run as root. Started by root it runs as ``nobody`` (or as the account that already owns
the cluster); started by anybody else it runs as that account. No mode is changed outside the data folder.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from linecard.embedded.errors import EmbeddedError
from linecard.embedded.places import Places

_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """A system account; ``switch`` is true when becoming it takes root's rights."""

    name: str
    uid: int
    gid: int
    switch: bool

    def own(self, path: Path) -> None:
        """Give one path, not followed when it is a link, to the account."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def server_account(places: Places) -> Account:
    """The account that runs the server of these places. Raises ``EmbeddedError`` when there is none."""
    uid = os.geteuid()
    if uid != 0:
        _check_ours(places, uid)
        return _account(uid, switch=False)
    owner = places.data.stat().st_uid if places.data.exists() else 0
    if owner != 0:
        return _account(owner, switch=True)
    try:
        entry = pwd.getpwnam(_UNPRIVILEGED)
    except KeyError as error:
        raise EmbeddedError(
            f"PostgreSQL does not run as root and there is no account {_UNPRIVILEGED!r} to run it; "
            "start Linecard as an ordinary user"
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def _account(uid: int, *, switch: bool) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise EmbeddedError(
            f"the account with number {uid} has no name on this system, and PostgreSQL needs one; "
            "add it to /etc/passwd or start Linecard as another user"
        ) from error
    return Account(entry.pw_name, uid, entry.pw_gid, switch=switch)


def _check_ours(places: Places, uid: int) -> None:
    try:
        owner = places.root.stat().st_uid
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise EmbeddedError(
            f"{places.data_dir} is closed to this account; start Linecard as its owner"
        ) from error
    if owner != uid:
        raise EmbeddedError(
            f"{places.root} belongs to {account_name(owner)}: start Linecard as that account or as root, "
            "or choose another LINECARD_DATA_DIR"
        )


def account_name(uid: int) -> str:
    """The account's name, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder if it is missing: private, passable when the server runs as another account.

    An existing folder keeps its mode. Raises ``EmbeddedError`` when the folder cannot be made.
    """
    if data_dir.is_dir():
        return
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        data_dir.mkdir(exist_ok=True)
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise EmbeddedError(
            f"the data folder {data_dir} cannot be made ({error.strerror}); set LINECARD_DATA_DIR to another"
        ) from error


def make_folders(places: Places, account: Account) -> None:
    """Make the database's folders below an existing data folder."""
    passable = 0o711 if account.switch else 0o700
    for path, mode in ((places.root, passable), (places.conf, 0o755)):
        path.mkdir(exist_ok=True)
        path.chmod(mode)
    for path in (places.log, places.socket):
        make_private(path, account)


def make_private(path: Path, account: Account) -> None:
    """Make ``path`` a folder that only the account enters, or check that it is one."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        account.own(path)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise EmbeddedError(
            f"{path} should be a folder of {account.name} but belongs to {account_name(found.st_uid)}; "
            "move it away and start again"
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


def closed_parent(path: Path, account: Account) -> Path | None:
    """The topmost folder on the way to ``path`` that does not let the account pass, as far as modes tell."""
    for folder in [*reversed(path.parents), path]:
        found = folder.stat()
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if folder.is_dir() and not found.st_mode & needed:
            return folder
    return None
