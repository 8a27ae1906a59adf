"""Running everything on one machine: the database, what must precede the rest, the web server and the worker."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click

from linecard.config import environment
from linecard.config.children import Child
from linecard.config.first_password import password_file
from linecard.embedded import Cluster, FileLock
from linecard.kernel.errors import LinecardError

_COMMAND = (sys.executable, "-m", "linecard.config.commands")
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS = 0.1
_FIRST_ANSWER_SECONDS = 60
_DATABASE_RETRY_SECONDS = 5.0


class NotStarted(LinecardError):
    """Linecard cannot start here; the message says why and what to do."""

    title = "Linecard cannot start"


class _Stop(BaseException):
    """Somebody asked us to stop. Not an ``Exception``: nothing on the way may take it for an error."""


class Supervisor:
    """Starts the parts in order, keeps them running, and stops them in the opposite order."""

    def __init__(self, data_dir: Path, *, host: str, port: int) -> None:
        self._data_dir = data_dir
        self._host = host
        self._port = port
        self._lock = FileLock(data_dir / "lock", purpose=f"linecard serve on port {port}")
        self._cluster = None if environment.own_database_url() else Cluster(data_dir, report=say)
        self._web = Child("web server", [*_COMMAND, "web"])
        self._worker = Child("worker", [*_COMMAND, "worker"])

    def run(self) -> None:
        """Run until told to stop. Raises ``LinecardError`` when it cannot start."""
        with _stoppable():
            self._lock.acquire()
            try:
                check_port_is_free(self._host, self._port)
                self._start()
                self._keep_running()
            except _Stop:
                say("Stopping")
            finally:
                _ignore_signals()
                self._stop()
        say("Stopped")

    def _start(self) -> None:
        if self._cluster is not None:
            say("Starting the database")
            self._cluster.start()
        self._prepare()
        environment.forget_admin_password()
        self._web.start()
        self._worker.start()
        self._wait_for_web()
        self._introduce()

    def _prepare(self) -> None:
        """In a process of its own: this one stays small, and a failure there has its say on the same terminal."""
        say("Preparing the database and the static files")
        migrate = Child("preparation", [*_COMMAND, "migrate"])
        migrate.start()
        try:
            if migrate.wait() != 0:
                raise NotStarted("the preparation failed: see above")
        finally:
            migrate.stop()

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + _FIRST_ANSWER_SECONDS
        while not _answers(self._host, self._port):
            if not self._web.running:
                raise NotStarted("the web server ended while it started: see above")
            if time.monotonic() > deadline:
                raise NotStarted(f"the web server does not answer after {_FIRST_ANSWER_SECONDS} s")
            time.sleep(_POLL_SECONDS)

    def _introduce(self) -> None:
        host = f"[{self._host}]" if ":" in self._host else self._host
        say(f"Linecard runs at http://{host}:{self._port}/")
        file = password_file(self._data_dir)
        if file.is_file():
            say(f"Sign in as admin; the first password is in {file}")
        say("Ctrl-C stops it")

    def _keep_running(self) -> None:
        while True:
            time.sleep(_POLL_SECONDS)
            if self._cluster is not None and not self._cluster.running:
                self._restart_database(self._cluster)
            for child in (self._web, self._worker):
                child.restart_if_ended(say)

    def _restart_database(self, cluster: Cluster) -> None:
        say("The database ended unexpectedly; starting it again")
        cluster.stop()
        try:
            cluster.start()
        except LinecardError as error:
            say(f"{error}\nTrying again in {_DATABASE_RETRY_SECONDS:.0f} s")
            time.sleep(_DATABASE_RETRY_SECONDS)
        else:
            say("The database runs again")

    def _stop(self) -> None:
        children = (self._web, self._worker)
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()
        if self._cluster is not None:
            self._cluster.stop()
        self._lock.release()


def say(text: str) -> None:
    """Tell the person at the terminal, if there still is one."""
    with contextlib.suppress(OSError):
        click.echo(f"linecard: {text}")


def check_port_is_free(host: str, port: int) -> None:
    """Raises ``NotStarted`` when the address cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise NotStarted(
            f"{host} port {port} cannot be used ({reason}): stop the program that uses it, "
            "or choose another with LINECARD_PORT and LINECARD_HOST"
        ) from error


def _answers(host: str, port: int) -> bool:
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not listened on
    connection = HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the signals that ask to stop into ``_Stop``, also when the caller had made us ignore them."""
    before = [signal.signal(number, _stop) for number in _STOP_SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_STOP_SIGNALS, before, strict=True):
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    _ignore_signals()
    raise _Stop


def _ignore_signals() -> None:
    """Once stopping, go on with it: a second Ctrl-C must not leave half of the processes behind."""
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
