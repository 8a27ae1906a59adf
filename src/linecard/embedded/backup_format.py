"""What a backup file looks like, and reading one.

It is one gzipped tar: ``about.json`` first, then the private files of the data folder below ``private/``, then
below ``database/`` a base backup of the cluster with the manifest PostgreSQL wrote for it (name, size and SHA-256
of every file).
"""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from linecard.embedded.errors import EmbeddedError

FORMAT = 1
ABOUT = "about.json"
PRIVATE = "private"
DATABASE = "database"

_SEGMENT_BYTES = 16 << 20  # initdb's default, which we keep
_MANIFEST = "backup_manifest"
_CHUNK_BYTES = 1 << 20
_MAX_SMALL_BYTES = 1 << 20


class BadBackup(EmbeddedError):
    """The file is not a whole backup; nothing was changed."""

    title = "Not a usable backup"


@dataclass(slots=True)
class Contents:
    """What was found by reading all of a backup. ``size_bytes`` is that of the database's files."""

    about: Mapping[str, Any] = field(default_factory=dict)
    private: dict[str, bytes] = field(default_factory=dict)
    files: int = 0
    size_bytes: int = 0


def read_backup(source: Path, *, unpack_to: Path | None = None) -> Contents:
    """Read all of a backup and compare every file with the manifest; unpack its database into an existing folder.

    Raises ``BadBackup`` when anything is missing or different; what was unpacked until then is worth nothing.
    """
    try:
        with tarfile.open(source, mode="r|gz") as archive:
            return _read(archive, unpack_to)
    except OSError as error:
        if error.errno is None:  # gzip's own errors
            raise BadBackup(f"{source} is damaged or not a backup: {error}") from error
        raise EmbeddedError(f"{error.filename or source}: {error.strerror}") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BadBackup(f"{source} is damaged or not a backup: {error}") from error


def _read(archive: tarfile.TarFile, unpack_to: Path | None) -> Contents:
    members = iter(archive)
    contents = Contents(about=_read_about(archive, next(members, None)))
    found: dict[str, tuple[int, str]] = {}
    manifest: bytes | None = None
    for member in members:
        path = _checked(member)
        content = archive.extractfile(member)
        if path.parts[0] == PRIVATE and content is not None:
            contents.private[path.name] = _small(content)
            continue
        target = unpack_to.joinpath(*path.parts[1:]) if unpack_to else None
        if content is None:
            if target is not None:
                target.mkdir(mode=0o700, exist_ok=True)
            continue
        name = str(path.relative_to(DATABASE))
        if name == _MANIFEST:
            manifest = content.read()
            continue
        found[name] = _pass_on(content, target)
        contents.files += 1
        contents.size_bytes += found[name][0]
    _compare(found, manifest)
    return contents


def _read_about(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> dict[str, Any]:
    content = archive.extractfile(first) if first and first.name == ABOUT else None
    if content is None:
        raise ValueError("it does not begin with a description")
    about: dict[str, Any] = json.loads(_small(content))
    if about["format"] != FORMAT:
        raise ValueError(
            f"its format is {about['format']}, this version reads {FORMAT}; use a newer Linecard"
        )
    return about


def _checked(member: tarfile.TarInfo) -> PurePosixPath:
    """A member's path, when it is a file or folder that stays inside. Raises ``ValueError``."""
    path = PurePosixPath(member.name)
    inside = not path.is_absolute() and ".." not in path.parts and path.parts[:1] in ((PRIVATE,), (DATABASE,))
    if not inside or not (member.isreg() or member.isdir()):
        raise ValueError(f"it holds {member.name!r}, which no backup has")
    return path


def _small(content: IO[bytes]) -> bytes:
    data = content.read(_MAX_SMALL_BYTES + 1)
    if len(data) > _MAX_SMALL_BYTES:
        raise ValueError("a small file in it is too large")
    return data


def _pass_on(content: IO[bytes], target: Path | None) -> tuple[int, str]:
    """Size and checksum of a file, which is written to ``target`` on the way."""
    digest = hashlib.sha256()
    size = 0
    with target.open("xb") if target else nullcontext() as file:
        while chunk := content.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            if file is not None:
                file.write(chunk)
    if target is not None:
        target.chmod(0o600)
    return size, digest.hexdigest()


def _compare(found: Mapping[str, tuple[int, str]], manifest: bytes | None) -> None:
    """Every file of the manifest must be there as it was, and every segment of the log of changes it needs."""
    if manifest is None:
        raise ValueError("the database's manifest is missing")
    listed = json.loads(manifest)
    for entry in listed["Files"]:
        if found.get(entry["Path"]) != (entry["Size"], entry["Checksum"]):
            raise ValueError(f"the database's file {entry['Path']} is missing or differs")
    for stretch in listed["WAL-Ranges"]:
        for segment in _segments(stretch["Timeline"], stretch["Start-LSN"], stretch["End-LSN"]):
            if found.get(f"pg_wal/{segment}", (0, ""))[0] != _SEGMENT_BYTES:
                raise ValueError(f"the database's log of changes lacks {segment}")


def _segments(timeline: int, start: str, end: str) -> Iterator[str]:
    """Names of the files that hold the log from one position to another (two hexadecimal halves each)."""
    first, last = (int(high, 16) << 32 | int(low, 16) for high, low in (start.split("/"), end.split("/")))
    for number in range(first // _SEGMENT_BYTES, (last - 1) // _SEGMENT_BYTES + 1):
        high, low = divmod(number, (1 << 32) // _SEGMENT_BYTES)
        yield f"{timeline:08X}{high:08X}{low:08X}"
