"""Backups: taken from a running server, refused when damaged, put back whole."""

import gzip
import io
import json
import os
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linecard.embedded import BadBackup, Cluster, EmbeddedError, InUse, restore_backup, take_backup
from linecard.embedded.backup_format import read_backup
from tests.embedded.conftest import MakeCluster, one, remember
from tests.folders import copy_data_dir, passable_folder

Members = list[tuple[tarfile.TarInfo, bytes]]

MANIFEST = "database/backup_manifest"


def quiet(text: str) -> None:
    """Reports are not what is tested here."""


@pytest.fixture(scope="module")
def saved(template: Path) -> Iterator[Path]:
    """A folder with a backup ``copy`` of a cluster that is gone."""
    with passable_folder() as folder:
        copy_data_dir(template, folder / "data")
        with Cluster(folder / "data", report=quiet, durable=False):
            remember(folder / "data", "saved")
            (folder / "data" / "secret-key").write_text("the key")
            private = {"secret-key": folder / "data" / "secret-key", "absent": folder / "data" / "absent"}
            take_backup(folder / "data", folder / "copy", about={"linecard": "1.2.3"}, private=private)
        yield folder


@pytest.fixture
def backup(saved: Path, parent: Path) -> Path:
    """A backup to try things with."""
    return Path(shutil.copy2(saved / "copy", parent / "copy"))


@pytest.fixture
def running(make_cluster: MakeCluster, made: Path) -> Cluster:
    """A cluster with something else in it."""
    cluster = make_cluster()
    cluster.start()
    remember(made, "present")
    return cluster


def unpack(backup: Path) -> Members:
    """All that is in a backup."""
    with tarfile.open(backup) as archive:
        return [(member, _content(archive, member)) for member in archive]


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""


def pack(backup: Path, members: Members) -> None:
    """Make a backup of ``members``."""
    with tarfile.open(backup, "w:gz", compresslevel=0) as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.fixture(scope="module")
def few(saved: Path) -> Members:
    """A backup of which only the files that all databases share are left, in the manifest, too."""
    kept = ("about.json", "private/", "database/global", "database/pg_wal", "database/backup_manifest")
    members = [pair for pair in unpack(saved / "copy") if pair[0].isdir() or pair[0].name.startswith(kept)]
    manifest = json.loads(next(content for member, content in members if member.name == MANIFEST))
    manifest["Files"] = [file for file in manifest["Files"] if file["Path"].startswith("global/")]
    _replace(MANIFEST, json.dumps(manifest).encode())(members)
    return members


def _replace(name: str, content: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        index = next(i for i, (member, _) in enumerate(members) if member.name == name)
        members[index] = (members[index][0], content)

    return change


def _remove(start: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[:] = [pair for pair in members if not pair[0].name.startswith(start)]

    return change


def _add(name: str, kind: bytes = tarfile.REGTYPE) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        member = tarfile.TarInfo(name)
        member.type = kind
        member.linkname = "/etc/passwd"
        members.append((member, b""))

    return change


def test_a_backup_is_private_and_says_what_it_is(saved: Path) -> None:
    assert stat.S_IMODE((saved / "copy").stat().st_mode) == 0o600
    contents = read_backup(saved / "copy")
    assert contents.about == {"format": 1, "linecard": "1.2.3"}
    assert contents.private == {"secret-key": b"the key"}
    assert contents.files > 900
    assert contents.size_bytes > 20_000_000
    assert sorted(path.name for path in saved.iterdir()) == ["copy", "data"]


def test_an_existing_file_is_not_touched(running: Cluster, data_dir: Path, parent: Path) -> None:
    (parent / "copy").write_text("precious")
    with pytest.raises(EmbeddedError, match="exists already; choose another name"):
        take_backup(data_dir, parent / "copy", about={}, private={})
    assert (parent / "copy").read_text() == "precious"


def test_a_folder_that_does_not_exist(running: Cluster, data_dir: Path, parent: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"cannot be written to \(No such file or directory\)"):
        take_backup(data_dir, parent / "missing" / "copy", about={}, private={})


def test_without_a_server_the_reason_is_told_and_nothing_is_left(
    running: Cluster, data_dir: Path, parent: Path
) -> None:
    running.stop()
    with pytest.raises(EmbeddedError, match=r"the database could not be copied: .*No such file or directory"):
        take_backup(data_dir, parent / "copy", about={}, private={})
    assert sorted(path.name for path in parent.iterdir()) == ["data"]


def test_a_restored_database_holds_what_was_saved(
    backup: Path, data_dir: Path, make_cluster: MakeCluster
) -> None:
    contents, aside = restore_backup(data_dir, backup, replace=False, report=quiet)
    assert (contents.private, aside) == ({"secret-key": b"the key"}, None)
    make_cluster().start()
    assert one(data_dir, "select value from memory") == "saved"


def test_it_refuses_while_a_server_runs(backup: Path, running: Cluster, data_dir: Path) -> None:
    with pytest.raises(InUse, match=rf"in use by process {os.getpid()} \(a test, .*\): stop it first"):
        restore_backup(data_dir, backup, replace=True, report=quiet)
    assert one(data_dir, "select value from memory") == "present"


def test_it_replaces_a_database_only_when_told_and_keeps_it(
    backup: Path, running: Cluster, data_dir: Path
) -> None:
    running.stop()
    with pytest.raises(EmbeddedError, match="holds a database already; --replace"):
        restore_backup(data_dir, backup, replace=False, report=quiet)
    damaged = backup.with_name("damaged")
    damaged.write_bytes(backup.read_bytes()[:-100_000])
    with pytest.raises(BadBackup, match="damaged or not a backup"):
        restore_backup(data_dir, damaged, replace=True, report=quiet)
    running.start()
    assert one(data_dir, "select value from memory") == "present"
    running.stop()

    _, aside = restore_backup(data_dir, backup, replace=True, report=quiet)

    assert aside is not None
    assert (aside / "PG_VERSION").read_text() == "18\n"
    running.start()
    assert one(data_dir, "select value from memory") == "saved"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            _replace("database/global/pg_filenode.map", b"x" * 524),
            "global/pg_filenode.map is missing or differs",
        ),
        (_remove("database/global/pg_filenode.map"), "global/pg_filenode.map is missing or differs"),
        (_remove("database/backup_manifest"), "manifest is missing"),
        (_remove("database/pg_wal/0"), "log of changes lacks 0000000100000000000000"),
        (_remove("about.json"), "does not begin with a description"),
        (
            _replace("about.json", b'{"format": 2}'),
            "its format is 2, this version reads 1; use a newer Linecard",
        ),
        (_replace("about.json", b"{}"), "not a backup"),
        (_add("database/../../escape"), "which no backup has"),
        (_add("/escape"), "which no backup has"),
        (_add("database/link", tarfile.SYMTYPE), "which no backup has"),
    ],
    ids=[
        "changed",
        "file missing",
        "no manifest",
        "no wal",
        "no about",
        "newer",
        "odd",
        "escape",
        "absolute",
        "link",
    ],
)
def test_a_damaged_backup_is_refused(
    few: Members, parent: Path, data_dir: Path, change: Callable[[Members], None], reason: str
) -> None:
    backup, members = parent / "copy", list(few)
    pack(backup, members)
    assert read_backup(backup).files > 50  # whole until it is damaged
    change(members)
    pack(backup, members)
    with pytest.raises(BadBackup, match=reason):
        restore_backup(data_dir, backup, replace=False, report=quiet)
    assert sorted(path.name for path in (data_dir / "postgresql").iterdir()) == [
        "conf",
        "lock",
        "log",
        "socket",
    ]
    assert sorted(path.name for path in data_dir.parent.iterdir()) == ["copy", "data"]


NOT_BACKUPS = {
    "empty": b"",
    "text": b"some text\n",
    "gzip": gzip.compress(b"some text\n"),
    "noise": b"\x8f\x01" * 2000,
}


@pytest.mark.parametrize("content", NOT_BACKUPS.values(), ids=NOT_BACKUPS.keys())
def test_something_else_is_refused(parent: Path, content: bytes) -> None:
    (parent / "other").write_bytes(content)
    with pytest.raises(BadBackup, match="is damaged or not a backup"):
        read_backup(parent / "other")
