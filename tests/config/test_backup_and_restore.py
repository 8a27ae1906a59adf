"""`linecard backup` and `linecard restore`, on a running and on a stopped installation."""

import re
import stat

from tests.config.conftest import Installation

PASSWORD = "long enough, surely\n"


def make_user(installation: Installation, name: str) -> None:
    done = installation.run("user", "create", name, "--password-stdin", text=PASSWORD)
    assert done.returncode == 0, done.stderr


def test_a_round_trip(running: Installation, empty: Installation) -> None:
    make_user(running, "before")
    file = empty.data_dir.parent / "copy"

    done = running.run("backup", str(file))

    assert done.returncode == 0, done.stderr
    assert re.search(r"^.*copy: \d+\.\d MB, \d+ database files, read back and complete\n", done.stdout)
    assert "  users: 2\n" in done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    make_user(running, "after")

    refused = running.run("restore", "--replace", str(file))
    assert refused.returncode == 1
    assert refused.stderr.endswith(": stop it first\n")

    done = empty.run("restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "  users: 2\n" in done.stdout
    for name in ("secret-key", "sealing-key", "admin-password"):
        assert (empty.data_dir / name).read_text() == (running.data_dir / name).read_text()
        assert stat.S_IMODE((empty.data_dir / name).stat().st_mode) == 0o600

    empty.start()
    make_user(empty, "after")
    again = empty.run("user", "create", "before", "--password-stdin", text=PASSWORD)
    assert again.stderr == "Error: username: There is a user named before already.\n"


def test_a_stopped_installation_and_replacing_it(installation: Installation) -> None:
    file = installation.data_dir.parent / "copy"
    key = (installation.data_dir / "secret-key").read_text()
    done = installation.run("backup", str(file))
    assert done.returncode == 0, done.stderr
    assert installation.processes() == []

    (installation.data_dir / "secret-key").write_text("another key")
    refused = installation.run("restore", str(file))
    assert refused.returncode == 1
    assert "holds a database already; --replace moves it aside" in refused.stderr

    done = installation.run("restore", "--replace", str(file))
    assert done.returncode == 0, done.stderr
    assert (installation.data_dir / "secret-key").read_text() == key
    (aside,) = installation.data_dir.glob("secret-key.replaced-*")
    assert aside.read_text() == "another key"
    assert installation.processes() == []


def test_nothing_to_back_up(empty: Installation) -> None:
    done = empty.run("backup", str(empty.data_dir.parent / "copy"))
    assert (done.returncode, done.stderr) == (
        1,
        f"Error: there is no database in {empty.data_dir}; `linecard serve` makes one\n",
    )


def test_a_server_of_ones_own_has_its_own_tools(empty: Installation) -> None:
    for command in ("backup", "restore"):
        file = empty.data_dir.parent / "copy"
        file.touch()
        done = empty.run(command, str(file), DATABASE_URL="postgresql://localhost/linecard")
        assert done.returncode == 1
        assert done.stderr.startswith(
            "Error: DATABASE_URL is set: that server is copied and restored with its own"
        )
        assert done.stderr.endswith("see docs/operating/backup.md\n")
