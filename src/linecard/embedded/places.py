"""Where the embedded database keeps its things.

Under the data folder::

    binaries/<version>-<major>/   a copy of the wheel's binaries, made only when root starts it
    postgresql/lock               held while a process manages the cluster
    postgresql/conf/              the configuration, written anew at every start; never edited by the server
    postgresql/data/              the cluster; private to the account that runs the server
    postgresql/log/               the server's log, one file per weekday
    postgresql/socket/            the only way in; private to the same account
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

OWNER_ROLE = "linecard"
DATABASE = "linecard"
SUPERUSER = "postgres"

# The address of a unix socket holds 104 bytes on some systems, its end included.
MAX_SOCKET_FOLDER_BYTES = 88
_PORT = "5432"  # only a part of the socket's name: nothing listens on the network
_SHORT_ROOT = Path("/tmp")  # noqa: S108  fixed: TMPDIR may differ between the processes that must meet there


@dataclass(frozen=True, slots=True)
class Places:
    """The paths that belong to one data folder."""

    data_dir: Path

    @property
    def root(self) -> Path:
        return self.data_dir / "postgresql"

    @property
    def binaries(self) -> Path:
        return self.data_dir / "binaries"

    @property
    def conf(self) -> Path:
        return self.root / "conf"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def making(self) -> Path:
        """Where a new cluster grows before it is whole; a crash leaves at most this folder."""
        return self.root / "data.making"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def start_log(self) -> Path:
        """What the server said before its own log was open."""
        return self.root / "start.log"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket(self) -> Path:
        """The socket's folder; a short name under the system's temporary folder when ours is too long."""
        usual = self.root / "socket"
        if len(os.fsencode(usual)) <= MAX_SOCKET_FOLDER_BYTES:
            return usual
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:24]
        return _SHORT_ROOT / f"linecard-{digest}"

    @property
    def socket_files(self) -> tuple[Path, Path]:
        """The socket, and the file beside it that names its server as ``postmaster.pid`` does."""
        name = f".s.PGSQL.{_PORT}"
        return self.socket / name, self.socket / f"{name}.lock"


def connection_parameters(
    data_dir: Path, *, user: str = OWNER_ROLE, dbname: str = DATABASE
) -> dict[str, str]:
    """libpq parameters that reach the embedded database of ``data_dir``; opens and reads nothing."""
    host = str(Places(data_dir.absolute()).socket)
    return {"host": host, "port": _PORT, "user": user, "dbname": dbname}
