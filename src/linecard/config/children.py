"""A process that the supervisor keeps running."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

from linecard.embedded import start_tied

_SHORTEST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
# One that ran this long was healthy: its next end is a new story.
_HEALTHY_SECONDS = 60.0
_STOP_SECONDS = 10.0


class Child:
    """One command, started again with growing pauses when it ends on its own."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pause_seconds = _SHORTEST_PAUSE_SECONDS
        self._start_again_at: float | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, in a session of its own, so that a terminal's Ctrl-C reaches only the supervisor.

        When the supervisor is killed, the kernel kills it too: its work is transactions, which then never happened.
        """
        self._start_again_at = None
        self._started_at = time.monotonic()
        self._process = start_tied(self._command, on_our_death=signal.SIGKILL, env=os.environ)

    def wait(self) -> int:
        """Wait for its end; the exit status."""
        return self._process.wait() if self._process else 0

    def restart_if_ended(self, report: Callable[[str], None]) -> None:
        """Call this often: it starts the process again when its pause is over."""
        if self.running:
            return
        moment = time.monotonic()
        if self._start_again_at is None:
            if moment - self._started_at > _HEALTHY_SECONDS:
                self._pause_seconds = _SHORTEST_PAUSE_SECONDS
            status = self._process.returncode if self._process else 0
            report(
                f"The {self.name} ended ({_told(status)}); starting it again in {self._pause_seconds:.0f} s"
            )
            self._start_again_at = moment + self._pause_seconds
            self._pause_seconds = min(2 * self._pause_seconds, _LONGEST_PAUSE_SECONDS)
        elif moment >= self._start_again_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Send the request to end; ``stop`` waits for it."""
        self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """Ask it to end and wait; after a while, end it."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)


def _told(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
