"""The first administrator: made once, and never from a password that nobody could find again."""

import stat
from pathlib import Path

import pytest

from linecard.accounts.models import User
from linecard.config.first_administrator import FirstAdministrator, make_if_missing
from linecard.kernel.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("LINECARD_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("LINECARD_ADMIN_PASSWORD", raising=False)
    return tmp_path


def test_a_random_password_is_kept_in_a_private_file(data_dir: Path) -> None:
    made = make_if_missing()
    assert made is not None
    assert made.password is not None
    user = User.objects.get()
    assert (user.username, user.is_administrator) == ("admin", True)
    assert user.check_password(made.password)
    assert (data_dir / "admin-password").read_text() == f"{made.password}\n"
    assert stat.S_IMODE((data_dir / "admin-password").stat().st_mode) == 0o600
    assert made.password in made.introduction()


def test_only_when_there_is_no_user(admin: User, data_dir: Path) -> None:
    assert make_if_missing() is None
    assert list(data_dir.iterdir()) == []


def test_a_chosen_password_is_neither_kept_nor_shown(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINECARD_ADMIN_PASSWORD", "chosen by hand 7")
    made = make_if_missing()
    assert made == FirstAdministrator("admin", None, data_dir / "admin-password")
    assert User.objects.get().check_password("chosen by hand 7")
    assert "chosen by hand 7" not in made.introduction()
    assert list(data_dir.iterdir()) == []


def test_a_weak_chosen_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINECARD_ADMIN_PASSWORD", "password")
    with pytest.raises(Invalid, match="password: This password is too short"):
        make_if_missing()
    assert not User.objects.exists()


@pytest.mark.parametrize("left", ["kept from before\n", ""])
def test_an_interrupted_first_start_is_taken_up_again(data_dir: Path, left: str) -> None:
    (data_dir / "admin-password").write_text(left)
    made = make_if_missing()
    assert made is not None
    assert made.password
    assert (made.password == "kept from before") is bool(left)
    assert User.objects.get().check_password(made.password)
    assert (data_dir / "admin-password").read_text() == f"{made.password}\n"
