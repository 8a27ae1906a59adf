"""A lock that lives exactly as long as the process that took it."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

from linecard.embedded.errors import InUse


class FileLock:
    """Holds ``path`` for this process. The kernel lets go of it when the process ends, however it ends.

    The file tells others who holds it; that text is never trusted to decide anything.
    """

    def __init__(self, path: Path, *, purpose: str) -> None:
        self.path = path
        self.purpose = purpose
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises ``InUse`` with the holder's process and purpose."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 1000, 0).decode("utf-8", "replace").strip()
            os.close(handle)
            raise InUse(f"{self.path.parent} is in use by {holder or 'another process'}") from error
        os.ftruncate(handle, 0)
        since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        os.pwrite(handle, f"process {os.getpid()} ({self.purpose}, since {since})\n".encode(), 0)
        self._handle = handle

    def release(self) -> None:
        """Let go; does nothing when the lock is not held."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None
