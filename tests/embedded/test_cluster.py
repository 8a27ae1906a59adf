"""The embedded database, as started, refused, killed and recovered: real servers and real processes."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linecard.embedded import Cluster, EmbeddedError, InUse, Places, connection_parameters
from linecard.embedded.leftovers import clear_leftovers, servers_of
from tests.embedded.conftest import MakeCluster, connect, one, remember
from tests.waiting import eventually

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")

SUPERVISOR = """
import sys
from pathlib import Path
from linecard.embedded import Cluster
with Cluster(Path(sys.argv[1]), report=lambda text: None):
    print("started", flush=True)
    sys.stdin.read()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def server_of(cluster: Cluster) -> int:
    return int(cluster.places.pid_file.read_text().splitlines()[0])


def test_a_first_start_makes_everything(
    make_cluster: MakeCluster, data_dir: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"LC_ALL": "tr_TR.UTF-8", "LANG": "C", "PGPORT": "1", "PGUSER": "me"}.items():
        monkeypatch.setenv(name, value)
    make_cluster().start()

    with connect(data_dir) as connection:
        settings = connection.execute(
            "select name, setting from pg_settings where name in ('listen_addresses', 'TimeZone', 'jit',"
            " 'data_checksums', 'server_encoding', 'max_connections', 'shared_buffers', 'lc_messages')"
        ).fetchall()
        assert dict(settings) == {
            "TimeZone": "UTC",
            "data_checksums": "on",
            "jit": "off",
            "lc_messages": "C",
            "listen_addresses": "",
            "max_connections": "100",
            "server_encoding": "UTF8",
            "shared_buffers": "16384",
        }
        assert connection.execute(
            "select datlocprovider, datlocale, lower('ÅÉI') from pg_database where datname = current_database()"
        ).fetchone() == ("b", "C.UTF-8", "åéi")
        assert connection.execute(
            "select current_database(), current_user::text, rolsuper from pg_roles where rolname = current_user"
        ).fetchone() == ("linecard", "linecard", False)
    assert said[-1] == "Making the database cluster"


def test_nobody_is_trusted(make_cluster: MakeCluster, made: Path) -> None:
    make_cluster().start()
    with connect(made, user="postgres") as connection:
        rules = connection.execute(
            "select type, database, user_name, auth_method from pg_hba_file_rules"
        ).fetchall()
        people = connection.execute("select distinct sys_name from pg_ident_file_mappings").fetchall()
    assert rules == [("local", ["all"], ["all"], "peer"), ("local", ["replication"], ["all"], "peer")]
    account = "nobody" if os.geteuid() == 0 else Path("~").expanduser().owner()
    assert sorted(name for (name,) in people) == sorted({"root", account})


def test_only_the_account_enters_its_folders(made: Path, parent: Path) -> None:
    places = Places(made)
    for folder in (places.data, places.socket, places.log):
        assert mode(folder) == 0o700
        assert folder.owner() == ("nobody" if os.geteuid() == 0 else parent.owner())
    assert mode(places.data_dir) == (0o711 if os.geteuid() == 0 else 0o700)
    assert mode(parent) == 0o711


def test_a_stop_is_clean_and_the_next_start_finds_the_data(
    make_cluster: MakeCluster, made: Path, said: list[str]
) -> None:
    cluster = make_cluster()
    cluster.start()
    remember(made, "kept")
    cluster.stop()
    assert not cluster.running
    assert servers_of(cluster.places.data) == []
    assert not cluster.places.pid_file.exists()
    said.clear()
    cluster.start()
    assert one(made, "select value from memory") == "kept"
    assert said == []


def test_a_second_start_says_who_is_there(make_cluster: MakeCluster, made: Path) -> None:
    make_cluster(purpose="linecard serve").start()
    with pytest.raises(InUse, match=rf"is in use by process {os.getpid()} \(linecard serve, since 2"):
        make_cluster().start()
    assert one(made, "select 1") == 1


def test_a_killed_server_recovers_what_was_committed(
    make_cluster: MakeCluster, made: Path, said: list[str]
) -> None:
    cluster = make_cluster(durable=True)
    cluster.start()
    remember(made, "committed")
    os.kill(server_of(cluster), signal.SIGKILL)
    eventually(lambda: not cluster.running)
    cluster.stop()
    said.clear()

    cluster.start()

    assert said[-1] == "The database was not shut down properly; it recovers now and loses nothing"
    assert one(made, "select value from memory") == "committed"


@pytest.fixture
def supervisor(made: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that runs the cluster of ``made``."""
    command = [sys.executable, "-c", SUPERVISOR, str(made)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_killed_supervisor_takes_its_server_with_it(
    supervisor: subprocess.Popen[bytes], make_cluster: MakeCluster, made: Path
) -> None:
    remember(made, "committed")
    supervisor.kill()
    eventually(lambda: not servers_of(Places(made).data))
    make_cluster().start()
    assert one(made, "select value from memory") == "committed"


def test_a_start_right_after_a_kill_waits_for_the_server_that_still_stops(
    supervisor: subprocess.Popen[bytes], make_cluster: MakeCluster, made: Path
) -> None:
    remember(made, "committed")
    supervisor.kill()
    supervisor.wait()
    make_cluster().start()
    assert one(made, "select value from memory") == "committed"


def test_a_server_that_lost_its_supervisor_is_stopped_properly(
    make_cluster: MakeCluster, made: Path, said: list[str]
) -> None:
    left_over = make_cluster()
    left_over.start()
    remember(made, "committed")
    left_over.places.lock.unlink()  # as if its supervisor had died without taking the server along

    make_cluster().start()

    assert not left_over.running
    assert said[-1].startswith("A server left over from before still runs (process ")
    assert one(made, "select value from memory") == "committed"


def test_processes_without_their_postmaster_are_waited_for(
    make_cluster: MakeCluster, made: Path, said: list[str]
) -> None:
    cluster = make_cluster(durable=True)
    cluster.start()
    remember(made, "committed")
    os.kill(server_of(cluster), signal.SIGKILL)
    eventually(lambda: not cluster.running)
    cluster.stop()
    make_cluster().start()  # at once: its children may still be ending
    assert one(made, "select value from memory") == "committed"


def test_files_that_name_a_foreign_process_are_not_believed(make_cluster: MakeCluster, made: Path) -> None:
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    places = cluster.places
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as foreign:
        for path in (places.pid_file, places.socket_files[1]):
            path.write_text(f"{foreign.pid}\n{places.data}\n1\n5432\n{places.socket}\n")
        cluster.start()
        assert foreign.poll() is None
        assert one(made, "select 1") == 1
        foreign.communicate(b"\n")
    assert foreign.returncode == 0


def test_a_server_that_nobody_has_reaped_counts_as_dead(make_cluster: MakeCluster, made: Path) -> None:
    cluster = make_cluster(durable=True)
    cluster.start()
    remember(made, "committed")
    os.kill(server_of(cluster), signal.SIGKILL)  # a zombie until its parent, the first cluster's object, asks
    cluster.places.lock.unlink()
    make_cluster().start()
    assert one(made, "select value from memory") == "committed"


@pytest.mark.parametrize("content", ["", "not a number\n", "-1\n", "0\n", "99999999999\n"])
def test_a_damaged_pid_file_does_no_harm(make_cluster: MakeCluster, data_dir: Path, content: str) -> None:
    places = Places(data_dir)
    places.data.mkdir(parents=True)
    places.pid_file.write_text(content)
    assert servers_of(places.data, 0) == []
    clear_leftovers(places, lambda text: None)
    assert not places.pid_file.exists()


@pytest.mark.usefixtures("made")
def test_a_server_that_cannot_start_shows_its_log(make_cluster: MakeCluster) -> None:
    cluster = make_cluster()
    (cluster.places.data / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(EmbeddedError, match=r"ended while it started:\n(.*\n)*.*pg_control") as caught:
        cluster.start()
    assert f"(the whole log: {cluster.places.root}" in str(caught.value)
    make_cluster().places.lock.open().close()
    assert servers_of(cluster.places.data) == []


def test_an_interrupted_first_start_begins_again(make_cluster: MakeCluster, data_dir: Path) -> None:
    places = Places(data_dir)
    places.making.mkdir(parents=True)
    (places.making / "PG_VERSION").write_text("18\n")
    make_cluster().start()
    assert one(data_dir, "select 1") == 1
    assert not places.making.exists()


@pytest.mark.usefixtures("made")
def test_a_cluster_of_another_version_is_refused(make_cluster: MakeCluster) -> None:
    with pytest.raises(EmbeddedError, match=r"was made by PostgreSQL 18, and this Linecard brings 16"):
        make_cluster(major=16).start()


def test_the_older_server_for_trying_sql(make_cluster: MakeCluster, data_dir: Path) -> None:
    make_cluster(major=16).start()
    assert one(data_dir, "select current_setting('server_version_num')::int / 10000") == 16
    assert one(data_dir, "select current_setting('server_encoding')") == "UTF8"


def test_an_unknown_version_is_refused(make_cluster: MakeCluster) -> None:
    with pytest.raises(EmbeddedError, match=r"no embedded PostgreSQL 9; choose one of \[16, 18\]"):
        make_cluster(major=9).start()


def test_a_long_path_uses_the_short_socket_folder(make_cluster: MakeCluster, parent: Path) -> None:
    data_dir = parent / ("long" * 25) / "it's, a folder"
    folder = Path(connection_parameters(data_dir)["host"])
    cluster = make_cluster(data_dir)
    try:
        cluster.start()
        assert folder.parent == Path("/tmp")
        assert mode(folder) == 0o700
        assert one(data_dir, "select 1") == 1
        cluster.stop()
    finally:
        folder.rmdir()


@as_root
def test_a_short_socket_folder_of_somebody_else_is_refused(make_cluster: MakeCluster, parent: Path) -> None:
    data_dir = parent / ("long" * 25)
    folder = Path(connection_parameters(data_dir)["host"])
    folder.mkdir(mode=0o777)
    try:
        with pytest.raises(EmbeddedError, match=r"should be a folder of nobody but belongs to root"):
            make_cluster(data_dir).start()
    finally:
        folder.rmdir()


@as_root
def test_a_closed_parent_is_named_and_not_opened(make_cluster: MakeCluster, parent: Path) -> None:
    closed = parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(
        EmbeddedError, match=rf"^{closed} is closed to the account 'nobody'.*LINECARD_DATA_DIR"
    ):
        make_cluster(closed / "data").start()
    assert mode(closed) == 0o700


@pytest.mark.parametrize("name", ['a "quoted" name', "$HOME", "back`tick", "back\\slash", "line\nbreak"])
def test_a_name_that_a_shell_would_read_is_refused(
    make_cluster: MakeCluster, parent: Path, name: str
) -> None:
    with pytest.raises(EmbeddedError, match="cannot work below"):
        make_cluster(parent / name).start()


@as_root
def test_a_closed_data_folder_is_named_with_the_way_to_open_it(
    make_cluster: MakeCluster, data_dir: Path
) -> None:
    data_dir.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=rf"^{data_dir} is closed to .*: let it pass with chmod o\+x"):
        make_cluster().start()
    assert mode(data_dir) == 0o700


@as_root
def test_only_the_copy_of_the_present_programs_is_kept(make_cluster: MakeCluster, made: Path) -> None:
    shutil.rmtree(made / "binaries")
    for name in ("0.1.0-18", ".new-18", "0.1.0-16"):
        (made / "binaries" / name).mkdir(parents=True)
    make_cluster().start()
    kept = {path.name for path in (made / "binaries").iterdir()}
    assert len(kept) == 2
    assert "0.1.0-16" in kept
    assert not kept & {"0.1.0-18", ".new-18"}


def test_a_data_folder_that_cannot_be_made(make_cluster: MakeCluster, parent: Path) -> None:
    (parent / "file").write_text("")
    with pytest.raises(EmbeddedError, match=r"cannot be made \(File exists\); set LINECARD_DATA_DIR"):
        make_cluster(parent / "file" / "data").start()
