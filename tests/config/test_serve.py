"""`linecard serve`: started, stopped, killed, asked twice. Real processes throughout."""

import os
import re
import signal
import socket
import stat
import sys
from functools import partial
from pathlib import Path

import pytest

from linecard.embedded import Places
from linecard.embedded.leftovers import servers_of
from tests.config.conftest import Installation
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up as Linux shows them")


def test_the_first_start_shows_the_password_once_and_keeps_it_private(first: Installation) -> None:
    file = first.data_dir / "admin-password"
    password = file.read_text().strip()
    assert len(password) >= 16
    assert first.output.count(password) == 1
    assert first.output.count(f"first password is in {file}") == 1
    for name in ("admin-password", "secret-key", "sealing-key", "lock"):
        assert stat.S_IMODE((first.data_dir / name).stat().st_mode) == 0o600, name
    assert first.output.endswith("linecard: Stopping\nlinecard: Stopped\n")
    assert first.processes() == []


def test_a_later_start_prepares_nothing_again(running: Installation) -> None:
    told = [line for line in running.output.splitlines() if not line.startswith("{")]
    assert told == [
        "linecard: Starting the database",
        "linecard: Preparing the database and the static files",
        f"linecard: Linecard runs at http://127.0.0.1:{running.port}/",
        f"linecard: Sign in as admin; the first password is in {running.data_dir}/admin-password",
        "linecard: Ctrl-C stops it",
    ]


def test_nothing_but_the_web_server_listens(running: Installation) -> None:
    sockets = set()
    for pid in running.processes():
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(handle.readlink())):
                sockets.add(found[1])
    tables = Path("/proc/net/tcp").read_text("ascii") + Path("/proc/net/tcp6").read_text("ascii")
    rows = [line.split() for line in tables.splitlines()]
    listening = [row[1] for row in rows if row[3] == "0A" and row[9] in sockets]
    assert listening == [f"0100007F:{running.port:04X}"]


def test_a_second_start_on_the_same_data_folder_says_who_is_there(running: Installation) -> None:
    assert running.server is not None
    second = running.run("serve")
    assert second.returncode == 1
    assert re.fullmatch(
        rf"Error: {running.data_dir} is in use by process {running.server.pid} "
        rf"\(linecard serve on port {running.port}, since 2.* UTC\)\n",
        second.stderr,
    )
    assert running.answers()


def test_a_taken_port_ends_the_start_before_anything_is_made(empty: Installation) -> None:
    with socket.create_server(("127.0.0.1", empty.port)):
        done = empty.run("serve")
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: 127.0.0.1 port {empty.port} cannot be used (Address already in use): stop the program that uses it, "
        "or choose another with LINECARD_PORT and LINECARD_HOST\n"
    )
    assert [path.name for path in empty.data_dir.iterdir()] == ["lock"]


def nothing_runs(installation: Installation) -> bool:
    return not installation.processes() and not Places(installation.data_dir).pid_file.exists()


def test_a_killed_supervisor_leaves_nothing_in_the_way(installation: Installation) -> None:
    """Ctrl-C stops what was started after it, and all that was left; also when the starter ignores Ctrl-C."""
    installation.start()
    installation.run("user", "create", "kept", "--password-stdin", text="long enough, surely\n")
    installation.stop(signal.SIGKILL, group=False)
    installation.start(ignore_interrupt=True)  # at once, while the others may still be ending
    again = installation.run("user", "create", "kept", "--password-stdin", text="long enough, surely\n")
    assert again.stderr == "Error: username: There is a user named kept already.\n"
    assert installation.stop(signal.SIGINT) == 0
    assert nothing_runs(installation)


def another(installation: Installation, part: str, killed: int | None) -> bool:
    return installation.process_of(part) not in (None, killed)


def test_killed_parts_are_started_again(installation: Installation) -> None:
    installation.start()
    for part, name in (("web", "web server"), ("worker", "worker")):
        killed = eventually(partial(installation.process_of, part))
        os.kill(killed or 0, signal.SIGKILL)
        eventually(partial(another, installation, part, killed))
        assert f"The {name} ended (signal SIGKILL); starting it again in 1 s" in installation.output
    killed = int(Places(installation.data_dir).pid_file.read_text().split()[0])
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: "The database runs again" in installation.output)
    assert killed not in servers_of(Places(installation.data_dir).data)
    eventually(lambda: installation.run("doctor").returncode == 0, seconds=60)
    assert installation.answers()
    installation.stop(signal.SIGKILL, group=False)
    eventually(lambda: not installation.processes())


def test_a_wrong_port_is_told_in_one_line(empty: Installation) -> None:
    done = empty.run("serve", LINECARD_PORT="http")
    assert (done.returncode, done.stderr) == (
        1,
        "Error: LINECARD_PORT must be a number from 1 to 65535, not 'http'\n",
    )
