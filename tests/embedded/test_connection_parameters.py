"""Where the database is reached, decided from the folder's name alone."""

from pathlib import Path

import pytest

from linecard.embedded import connection_parameters


def test_the_socket_is_inside_the_data_folder() -> None:
    assert connection_parameters(Path("/srv/linecard")) == {
        "host": "/srv/linecard/postgresql/socket",
        "port": "5432",
        "user": "linecard",
        "dbname": "linecard",
    }


def test_user_and_database_can_be_chosen() -> None:
    parameters = connection_parameters(Path("/srv/linecard"), user="postgres", dbname="template1")
    assert (parameters["user"], parameters["dbname"]) == ("postgres", "template1")


@pytest.mark.parametrize(("length", "inside"), [(88, True), (89, False)])
def test_a_socket_path_that_is_too_long_gets_a_short_folder(length: int, inside: bool) -> None:
    data_dir = Path("/" + "d" * (length - len("/" + "/postgresql/socket")))
    host = connection_parameters(data_dir)["host"]
    assert host.startswith(str(data_dir)) is inside
    assert len(f"{host}/.s.PGSQL.5432") < 104


def test_the_length_counts_in_bytes() -> None:
    assert connection_parameters(Path("/" + "ü" * 50))["host"].startswith("/tmp/linecard-")


def test_the_short_folder_is_the_same_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    data_dir = Path("/" + "d" * 200)
    before = connection_parameters(data_dir)
    monkeypatch.setenv("TMPDIR", "/var/tmp")
    assert connection_parameters(data_dir) == before
    assert connection_parameters(Path("/" + "e" * 200)) != before
