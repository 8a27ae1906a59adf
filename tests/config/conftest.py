"""Whole installations: `linecard serve` as real processes, on data folders and ports of their own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from linecard.embedded import Places
from linecard.embedded.leftovers import servers_of
from tests.folders import copy_data_dir, passable_folder
from tests.waiting import eventually

_COMMAND = [sys.executable, "-m", "linecard.config.commands"]
# What the test run itself was told must not reach the installations.
_OURS = ("LINECARD_", "DJANGO_", "PYTEST_", "DATABASE_URL")


def free_port() -> int:
    """A port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Installation:
    """One data folder and port. As a context, it is stopped at the end, however the test went."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        self.server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.server is not None and self.server.poll() is None:
            self.stop()

    def environment(self, **more: str) -> Mapping[str, str]:
        """The bare environment, the data folder and the port."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        return {**kept, "LINECARD_DATA_DIR": str(self.data_dir), "LINECARD_PORT": str(self.port), **more}

    def run(self, *arguments: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; ``text`` is its standard input, ``more`` are environment variables."""
        return subprocess.run(
            [*_COMMAND, *arguments],
            env=self.environment(**more),
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def start(self, *, ignore_interrupt: bool = False) -> None:
        """Start `serve` like a shell does, in a process group of its own, and wait until it answers."""
        command = [*_COMMAND, "serve"]
        if ignore_interrupt:  # as a shell does for what it starts in the background
            command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(lambda: "Ctrl-C stops it" in self.output or self._ended(), seconds=90)
        assert self.answers(), self.output

    def _ended(self) -> bool:
        return self.server is None or self.server.poll() is not None

    @property
    def output(self) -> str:
        """What it said since it was started."""
        return self.log.read_text("utf-8")

    def answers(self) -> bool:
        """Whether the web server is healthy."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except (URLError, ConnectionError, TimeoutError):
            return False

    def stop(self, number: signal.Signals = signal.SIGINT, *, group: bool = True) -> int:
        """Ask it to stop, as Ctrl-C does by default; the exit status."""
        assert self.server is not None
        (os.killpg if group else os.kill)(self.server.pid, number)
        return self.server.wait(timeout=30)

    def processes(self) -> list[int]:
        """All that run for this installation."""
        ours = [pid for pid in _processes() if self._mark in _environment_of(pid)]
        return ours + servers_of(Places(self.data_dir).data)

    def process_of(self, command: str) -> int | None:
        """The process that runs `linecard COMMAND`."""
        for pid in self.processes():
            if _read(pid, "cmdline").endswith(f"linecard.config.commands\0{command}\0".encode()):
                return pid
        return None

    @property
    def _mark(self) -> bytes:
        return f"LINECARD_DATA_DIR={self.data_dir}\0".encode()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment_of(pid: int) -> bytes:
    return _read(pid, "environ")


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # ended meanwhile, or somebody else's
        return b""


@pytest.fixture(scope="session")
def first() -> Iterator[Installation]:
    """An installation that was started for the first time and stopped again; its log tells of it."""
    with passable_folder() as folder, Installation(folder / "data") as installation:
        installation.start()
        assert installation.stop() == 0, installation.output
        yield installation


@contextmanager
def _copy_of(original: Installation) -> Iterator[Installation]:
    with passable_folder() as folder:
        copy_data_dir(original.data_dir, folder / "data")
        with Installation(folder / "data") as copy:
            yield copy


@pytest.fixture
def installation(first: Installation) -> Iterator[Installation]:
    """A copy of it, not running, to do anything with."""
    with _copy_of(first) as copy:
        yield copy


@pytest.fixture(scope="session")
def running(first: Installation) -> Iterator[Installation]:
    """A copy of it that runs; tests share it, so they leave it running and its users alone."""
    with _copy_of(first) as copy:
        copy.start()
        yield copy


@pytest.fixture
def empty() -> Iterator[Installation]:
    """One without a data folder."""
    with passable_folder() as folder, Installation(folder / "data") as installation:
        yield installation
