"""Child processes that do not outlive us."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from linecard.embedded.ownership import Account

# Nothing of the caller's: neither its locale nor PG* variables may change how a database is made or runs.
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_SHIM = Path(__file__).with_name("exec_tied.py")


def start_tied(
    command: Sequence[str],
    *,
    on_our_death: signal.Signals,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, as ``account`` when it has to switch.

    On Linux the kernel sends it ``on_our_death`` when the thread that called this ends, even by SIGKILL; so
    call it from the main thread. Its own session keeps a terminal's Ctrl-C from reaching it behind our back.
    """
    uid, gid = (account.uid, account.gid) if account and account.switch else (-1, -1)
    shim = [
        sys.executable,
        "-I",
        "-S",
        str(_SHIM),
        str(os.getpid()),
        str(int(on_our_death)),
        str(uid),
        str(gid),
    ]
    return subprocess.Popen(
        [*shim, *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        cwd=cwd,
        start_new_session=True,
    )
