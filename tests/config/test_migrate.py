"""`linecard migrate` on a database of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.config.conftest import Installation

COMMAND = [sys.executable, "-m", "linecard.config.commands", "migrate"]


@pytest.fixture
def database(django_db_setup: None) -> Iterator[str]:
    """The address of an empty database on the test run's server."""
    parameters = {name: str(value) for name, value in connection.get_connection_params().items() if value}
    known = {name: parameters[name] for name in ("host", "port", "user", "password") if name in parameters}
    name = f"{connection.settings_dict['NAME']}_migrate"
    maintenance = make_conninfo("", **known, dbname="postgres")
    with psycopg.connect(maintenance, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        query = "&".join(f"{key}={value}" for key, value in known.items() if key != "user")
        yield f"postgresql://{known['user']}@/{name}?{query}"
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_two_machines_at_once_make_one_administrator(database: str, tmp_path: Path) -> None:
    machines = [Installation(tmp_path / name) for name in ("one", "two")]
    running = [
        subprocess.Popen(
            COMMAND,
            env=machine.environment(DATABASE_URL=database),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        for machine in machines
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert sum("The first administrator:  admin" in text for text in said) == 1
    assert sum("The database is up to date" in text for text in said) == 1

    again = machines[0].run("migrate", DATABASE_URL=database)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_database_that_is_not_there_is_told_in_one_line(database: str, tmp_path: Path) -> None:
    missing = database.replace("_migrate?", "_missing?")
    done = Installation(tmp_path / "data").run("migrate", DATABASE_URL=missing)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database cannot be used: ")
    assert '_missing" does not exist' in done.stderr
    assert done.stderr.count("\n") == 1
