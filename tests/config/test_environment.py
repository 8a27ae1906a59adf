"""What is read from the environment."""

import os
from pathlib import Path

import pytest

from linecard.config import environment
from linecard.config.environment import BadEnvironment


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set."""
    for name in list(os.environ):
        if name.startswith(("LINECARD_", "DATABASE_URL", "XDG_", "FORWARDED_")):
            monkeypatch.delenv(name)


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert environment.data_dir() == Path("/var/lib/linecard")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert environment.data_dir() == tmp_path / ".local" / "share" / "linecard"
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/share")
    assert environment.data_dir() == Path("/srv/share/linecard")
    monkeypatch.setenv("LINECARD_DATA_DIR", "~/given")
    assert environment.data_dir() == (tmp_path / "given").resolve()


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "http", "80 80", "٨٠"])
def test_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert environment.port() == 8000
    monkeypatch.setenv("LINECARD_PORT", text)
    with pytest.raises(BadEnvironment, match="LINECARD_PORT must be a number from 1 to 65535"):
        environment.port()


@pytest.mark.parametrize("text", ["", "0", "10241", "-1", "1.5", "1G", "٨٠"])
def test_a_size_of_uploads_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert environment.max_upload_bytes() == 536_870_912
    monkeypatch.setenv("LINECARD_MAX_UPLOAD_MB", "1")
    assert environment.max_upload_bytes() == 1_048_576
    monkeypatch.setenv("LINECARD_MAX_UPLOAD_MB", text)
    with pytest.raises(BadEnvironment, match="LINECARD_MAX_UPLOAD_MB must be a number from 1 to 10,240"):
        environment.max_upload_bytes()


def test_hosts_and_their_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.allowed_hosts() == ["localhost", "127.0.0.1", "[::1]"]
    monkeypatch.setenv("LINECARD_ALLOWED_HOSTS", " a.example, .b.example ,,")
    assert environment.allowed_hosts()[:2] == ["a.example", ".b.example"]
    assert environment.trusted_origins()[:2] == ["https://a.example", "https://b.example"]


def test_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.trusted_proxies() == "127.0.0.1,::1"
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    assert environment.trusted_proxies() == "192.0.2.1"


def test_the_first_password_can_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINECARD_ADMIN_PASSWORD", "chosen by hand 7")
    assert environment.admin_password() == "chosen by hand 7"
    environment.forget_admin_password()
    assert environment.admin_password() is None


@pytest.mark.parametrize(
    ("url", "parameters"),
    [
        (
            "postgresql://me:p%40ss@db.example:5433/cards?sslmode=require",
            {
                "host": "db.example",
                "port": "5433",
                "user": "me",
                "password": "p@ss",
                "dbname": "cards",
                "sslmode": "require",
            },
        ),
        (
            "postgres://me@/cards?host=/run/postgresql",
            {"host": "/run/postgresql", "user": "me", "dbname": "cards"},
        ),
    ],
)
def test_addresses_of_databases(url: str, parameters: dict[str, str]) -> None:
    assert environment.connection_parameters(url) == parameters


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://x/y", "must begin with postgresql://"),
        ("postgresql://host", "names no database"),
        ("postgresql://host:port/name", "has a port that is not a number"),
    ],
)
def test_addresses_that_are_none(url: str, message: str) -> None:
    with pytest.raises(BadEnvironment, match=message):
        environment.connection_parameters(url)
