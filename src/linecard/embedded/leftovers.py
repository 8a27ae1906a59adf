"""What a killed predecessor left behind: its ``postmaster.pid``, and perhaps a server that still runs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from linecard.embedded.errors import EmbeddedError
from linecard.embedded.places import Places

# A fast shutdown writes a checkpoint: give it time. A quick one only has to notice the signal.
_PATIENCE_SECONDS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


def clear_leftovers(places: Places, report: Callable[[str], None]) -> None:
    """Make sure that no server runs on the cluster and no file says so.

    The caller holds the cluster's lock, so whatever still runs on it has lost its supervisor. A process is
    only ever signalled when it is a ``postgres`` whose working folder is this cluster.
    """
    try:
        first_line = places.pid_file.read_text("utf-8", "replace").partition("\n")[0].strip()
    except FileNotFoundError:
        first_line = ""
        existed = False
    else:
        existed = True
    named = int(first_line) if first_line.isascii() and first_line.isdigit() else 0
    if existed or servers_of(places.data, named):
        _stop_servers(places, named, report)
    for path in (places.pid_file, *places.socket_files):
        path.unlink(missing_ok=True)


def _stop_servers(places: Places, named: int, report: Callable[[str], None]) -> None:
    for number, seconds in _PATIENCE_SECONDS:
        left = servers_of(places.data, named)
        if not left:
            return
        report(f"A server left over from before still runs (process {left[0]}); stopping it")
        # The postmaster tells its children; without one they are told themselves.
        for pid in [named] if named in left else left:
            _send(pid, number)
        deadline = time.monotonic() + seconds
        while servers_of(places.data, named) and time.monotonic() < deadline:
            time.sleep(0.05)
    if left := servers_of(places.data, named):
        raise EmbeddedError(
            f"process {left[0]} runs on {places.data} and does not stop; end it and start again"
        )


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise EmbeddedError(
            f"process {pid} runs the database and is not ours to stop; start as its account"
        ) from error


def servers_of(data: Path, named: int = 0) -> list[int]:
    """Processes of a PostgreSQL that runs on the cluster ``data``; ``named`` first when it is one."""
    if sys.platform != "linux":
        return [named] if named > 1 and _ps_says_server(named, data) else []
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    found = [pid for pid in pids if _is_server(pid, data)]
    return sorted(found, key=lambda pid: (pid != named, pid))


def _is_server(pid: int, data: Path) -> bool:
    """Every process of a server works in its cluster's folder, which other programs have no reason to do."""
    try:
        program = Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)")
        return program == "postgres" and Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:  # ended meanwhile, or another account's
        return False


def _ps_says_server(pid: int, data: Path) -> bool:
    command = ["ps", "-p", str(pid), "-o", "args="]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return "postgres" in said.split(" ")[0] and str(data) in said
