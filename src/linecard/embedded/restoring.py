"""Putting a backup back: unpacked and checked beside the present cluster, then exchanged in one step."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from linecard.embedded.backup_format import Contents, read_backup
from linecard.embedded.errors import EmbeddedError, InUse
from linecard.embedded.leftovers import clear_leftovers
from linecard.embedded.locks import FileLock
from linecard.embedded.ownership import Account, make_data_dir, make_folders, make_private, server_account
from linecard.embedded.places import Places


def restore_backup(
    data_dir: Path, source: Path, *, replace: bool, report: Callable[[str], None]
) -> tuple[Contents, Path | None]:
    """Put the backup ``source`` into ``data_dir``; the contents, and where the replaced cluster went.

    Without ``replace`` there must be no cluster. Nothing changes before all of the backup was read and found whole.
    Raises ``EmbeddedError``, or ``InUse`` while a server runs.
    """
    make_data_dir(data_dir)
    places = Places(data_dir.absolute())
    account = server_account(places)
    make_folders(places, account)
    lock = FileLock(places.lock, purpose="linecard restore")
    try:
        lock.acquire()
    except InUse as error:
        raise InUse(f"{error}: stop it first") from error
    try:
        if places.data.exists() and not replace:
            raise EmbeddedError(
                f"{places.data} holds a database already; --replace moves it aside and puts the backup in its place"
            )
        contents = _unpack(places, account, source, report)
        return contents, _exchange(places, report)
    finally:
        shutil.rmtree(places.making, ignore_errors=True)
        lock.release()


def _unpack(places: Places, account: Account, source: Path, report: Callable[[str], None]) -> Contents:
    report("Unpacking the backup and checking every file")
    shutil.rmtree(places.making, ignore_errors=True)
    make_private(places.making, account)
    contents = read_backup(source, unpack_to=places.making)
    for path in places.making.rglob("*"):
        account.own(path)
    os.sync()  # what was moved into place must still be there after a power failure
    return contents


def _exchange(places: Places, report: Callable[[str], None]) -> Path | None:
    aside = None
    if places.data.exists():
        clear_leftovers(places, report)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        aside = places.root / f"data.replaced-{stamp}"
        places.data.rename(aside)
    places.making.rename(places.data)
    return aside
