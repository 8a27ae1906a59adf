"""Taking a backup of the whole installation while it runs."""

import gzip
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from linecard.embedded import backup_format as layout
from linecard.embedded.binaries import wheel_binaries
from linecard.embedded.errors import EmbeddedError
from linecard.embedded.places import SUPERUSER, Places, connection_parameters
from linecard.embedded.tied import CLEAN_ENVIRONMENT

_COMPRESSION = 5  # most of what a higher level saves, at a fraction of its time
_CHUNK_BYTES = 1 << 20


def take_backup(
    data_dir: Path, target: Path, *, about: Mapping[str, Any], private: Mapping[str, Path]
) -> layout.Contents:
    """Write a backup of the running cluster to ``target``, which appears only when it is whole and was read back.

    ``about`` is kept with it; ``private`` are small files, by name, of which those that exist are kept too.
    Raises ``EmbeddedError``.
    """
    if target.exists():
        raise EmbeddedError(f"{target} exists already; choose another name")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise EmbeddedError(f"{partial.parent} cannot be written to ({error.strerror})") from error
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=_COMPRESSION, filename="") as packed:
                _write(cast("IO[bytes]", packed), Places(data_dir.absolute()), about, private)
            raw.flush()
            os.fsync(raw.fileno())
        contents = layout.read_backup(partial)
        os.link(partial, target)  # unlike a rename, it never replaces a file that came meanwhile
    except OSError as error:
        raise EmbeddedError(f"{target} cannot be written ({error.strerror})") from error
    finally:
        partial.unlink(missing_ok=True)
    return contents


def _write(packed: IO[bytes], places: Places, about: Mapping[str, Any], private: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=packed, mode="w|") as archive:
        _add(archive, layout.ABOUT, json.dumps({"format": layout.FORMAT, **about}, indent=2).encode())
        for name, path in private.items():
            if path.is_file():
                _add(archive, f"{layout.PRIVATE}/{name}", path.read_bytes())
        with _base_backup(places) as stream, tarfile.open(fileobj=stream, mode="r|") as base:
            for member in base:
                content = base.extractfile(member) if member.isreg() else None
                member.name = f"{layout.DATABASE}/{member.name}"
                archive.addfile(member, content)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(content))


@contextmanager
def _base_backup(places: Places) -> Iterator[IO[bytes]]:
    """The tar that ``pg_basebackup`` writes. Raises ``EmbeddedError`` with its own words when it fails."""
    broken: Exception | None = None
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            _command(places),
            env=CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        stream = cast("IO[bytes]", process.stdout)
        try:
            yield stream
            while stream.read(_CHUNK_BYTES):
                pass  # padding behind the archive's end
        except tarfile.TarError as error:
            broken = error
        stream.close()
        if process.wait() or broken:
            log.seek(0)
            said = log.read().decode("utf-8", "replace").strip()
            raise EmbeddedError(f"the database could not be copied: {said or broken}") from broken


def _command(places: Places) -> list[str]:
    address = connection_parameters(places.data_dir, user=SUPERUSER)
    major = int((places.data / "PG_VERSION").read_text("ascii"))
    return [
        wheel_binaries(major).program("pg_basebackup"),
        f"--host={address['host']}",
        f"--port={address['port']}",
        f"--username={address['user']}",
        "--no-password",
        "--pgdata=-",
        "--format=tar",
        "--wal-method=fetch",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        "--label=linecard",
    ]
