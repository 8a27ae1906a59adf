"""One embedded cluster: made when missing, started as our child, stopped properly."""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from linecard.embedded.binaries import Binaries, usable_binaries
from linecard.embedded.configuration import write_configuration
from linecard.embedded.errors import EmbeddedError
from linecard.embedded.leftovers import clear_leftovers
from linecard.embedded.locks import FileLock
from linecard.embedded.ownership import Account, make_data_dir, make_folders, make_private, server_account
from linecard.embedded.places import DATABASE, OWNER_ROLE, SUPERUSER, Places, connection_parameters
from linecard.embedded.server_log import last_own_line, log_tail
from linecard.embedded.tied import CLEAN_ENVIRONMENT, start_tied

# A server that recovers logs each question, so it is asked less and less often.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.02, 0.5
_REPORT_EVERY_SECONDS = 5.0
_CLUSTER_STATE = re.compile(r"^Database cluster state: +(.*)$", re.MULTILINE)
_STOP_SECONDS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


class Cluster:
    """The embedded database of ``data_dir``.

    ``report`` gets short sentences for the person who waits. ``durable=False`` gives up safety for speed and
    lets the owner make databases, as tests want; ``major`` is 18, or 16 to try SQL on it.
    ``start`` must be called from a thread that lives as long as the server should: the kernel ends the server
    with it.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        report: Callable[[str], None] = print,
        durable: bool = True,
        major: int = 18,
        purpose: str = "linecard serve",
    ) -> None:
        self.places = Places(data_dir.absolute())
        self._report = report
        self._durable = durable
        self._major = major
        self._lock = FileLock(self.places.lock, purpose=purpose)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def answers(self) -> bool:
        """Whether a server runs on the cluster and lets us in, whoever started it."""
        return pq.PGconn.ping(self._address().encode()) == pq.Ping.OK

    def require(self) -> None:
        """Raises ``EmbeddedError`` when there is no cluster yet."""
        if not self.places.data.is_dir():
            raise EmbeddedError(f"there is no database in {self.places.data_dir}; `linecard serve` makes one")

    def start(self) -> None:
        """Make the cluster if there is none, start it, wait until it answers. Raises ``EmbeddedError``.

        After a crash this waits for the recovery as long as it takes; it ends at once when the server ends.
        """
        make_data_dir(self.places.data_dir)
        account = server_account(self.places)
        make_folders(self.places, account)
        self._lock.acquire()
        try:
            self._start(account)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut the server down, by force only when it does not listen; then let go of the cluster."""
        process, self._process = self._process, None
        if process is not None:
            self._shut_down(process)
        self._lock.release()

    def _start(self, account: Account) -> None:
        _check_spelling(self.places.data_dir)
        binaries = usable_binaries(self.places, account, self._major, self._report, durable=self._durable)
        _check_spelling(binaries.folder)
        if not self.places.data.is_dir():
            self._make_cluster(binaries, account)
        self._check_version()
        clear_leftovers(self.places, self._report)
        if self._was_interrupted(binaries):
            self._report("The database was not shut down properly; it recovers now and loses nothing")
        configuration = write_configuration(self.places, account, durable=self._durable)
        command = [
            binaries.program("postgres"),
            "-D",
            str(self.places.data),
            f"--config-file={configuration}",
        ]
        with self.places.start_log.open("wb") as output:
            # A fast shutdown when we are killed: it keeps every committed transaction and ends in a moment.
            self._process = start_tied(
                command,
                on_our_death=signal.SIGINT,
                account=account,
                env=CLEAN_ENVIRONMENT,
                cwd=self.places.root,
                output=output,
            )
        self._wait_until_ready(self._process)
        self._make_database()

    def _was_interrupted(self, binaries: Binaries) -> bool:
        """Whether the cluster's last server ended without a shutdown. A restored backup is no such case."""
        if (self.places.data / "backup_label").exists():
            return False
        command = [binaries.program("pg_controldata"), str(self.places.data)]
        said = subprocess.run(
            command, env=CLEAN_ENVIRONMENT, capture_output=True, text=True, check=False
        ).stdout
        state = _CLUSTER_STATE.search(said)
        return state is not None and not state[1].startswith("shut down")

    def _make_cluster(self, binaries: Binaries, account: Account) -> None:
        self._report("Making the database cluster")
        making = self.places.making
        shutil.rmtree(making, ignore_errors=True)
        make_private(making, account)
        command = [
            binaries.program("initdb"),
            f"--pgdata={making}",
            f"--username={SUPERUSER}",
            "--auth=peer",
            "--encoding=UTF8",
            "--locale=C",
            "--text-search-config=simple",
            "--data-checksums",
            "--no-instructions",
        ]
        if self._major >= 17:  # the builtin provider sorts and folds alike on every system
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self._durable:
            command.append("--no-sync")
        with self.places.start_log.open("wb") as output:
            process = start_tied(
                command,
                on_our_death=signal.SIGKILL,
                account=account,
                env=CLEAN_ENVIRONMENT,
                cwd=self.places.root,
                output=output,
            )
        try:
            failed = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if failed:
            raise EmbeddedError(f"the database cluster could not be made:\n{log_tail(self.places)}")
        making.rename(self.places.data)

    def _check_version(self) -> None:
        found = (self.places.data / "PG_VERSION").read_text("ascii").strip()
        if found != str(self._major):
            raise EmbeddedError(
                f"{self.places.data} was made by PostgreSQL {found}, and this Linecard brings {self._major}; "
                "docs/operating/postgresql.md tells how to move it"
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        began = time.monotonic()
        next_report = began + _REPORT_EVERY_SECONDS
        pause_seconds = _FIRST_PAUSE_SECONDS
        while not self.answers():
            if process.poll() is not None:
                raise EmbeddedError(f"the database server ended while it started:\n{log_tail(self.places)}")
            if time.monotonic() >= next_report:
                next_report += _REPORT_EVERY_SECONDS
                seconds = round(time.monotonic() - began)
                self._report(f"Waiting for the database, {seconds} s: {last_own_line(self.places)}")
            time.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 1.2, _LONGEST_PAUSE_SECONDS)

    def _make_database(self) -> None:
        """The owner's role and database, when they are missing: a crash may have come before either."""
        role, database = sql.Identifier(OWNER_ROLE), sql.Identifier(DATABASE)
        with psycopg.connect(self._address(), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER_ROLE]).fetchone():
                connection.execute(sql.SQL("create role {} login").format(role))
            if not self._durable:
                connection.execute(sql.SQL("alter role {} createdb").format(role))
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("create database {} owner {}").format(database, role))

    def _address(self) -> str:
        """How the supervisor itself connects."""
        parameters = connection_parameters(self.places.data_dir, user=SUPERUSER, dbname="postgres")
        return make_conninfo("", **parameters, connect_timeout=5)

    def _shut_down(self, process: subprocess.Popen[bytes]) -> None:
        for number, seconds in _STOP_SECONDS:
            process.send_signal(number)  # does nothing when it has ended
            try:
                process.wait(seconds)
                return
            except subprocess.TimeoutExpired:
                self._report(f"The database has not stopped after {seconds:.0f} s")
        raise EmbeddedError(f"the database server (process {process.pid}) does not stop")


def _check_spelling(folder: Path) -> None:
    """PostgreSQL's programs call each other through a shell, inside double quotes."""
    if found := set(str(folder)) & set('"$`\\\n'):
        raise EmbeddedError(
            f"PostgreSQL cannot work below {str(folder)!r}: its name must not hold {sorted(found)}"
        )
