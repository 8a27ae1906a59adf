"""The bootstrap's decisions. That it works as a whole is seen by everybody who types `make run` or `make test`."""

import fcntl
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The program as a module, of a project in an empty folder."""
    for name in ("requirements/run.txt", "requirements/dev.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one==1 \\\n    --hash=sha256:00\ntwo==2\n")
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.__dict__.update(ROOT=tmp_path, VENV=tmp_path / ".venv", BIN=tmp_path / ".venv" / "bin")
    (tmp_path / ".venv").mkdir()
    return module


def installed(bootstrap: ModuleType, kind: str) -> None:
    bootstrap.stamp(kind).write_text(bootstrap.fingerprint(kind))


@pytest.mark.parametrize(
    ("there", "wanted", "ready"),
    [("run", "run", True), ("dev", "dev", True), ("dev", "run", True), ("run", "dev", False)],
)
def test_what_is_installed_once_is_not_installed_again(
    bootstrap: ModuleType, there: str, wanted: str, ready: bool
) -> None:
    assert not bootstrap.is_ready(wanted)
    installed(bootstrap, there)
    assert bootstrap.is_ready(wanted) is ready


@pytest.mark.parametrize("changed", ["requirements/run.txt", "pyproject.toml"])
def test_a_change_of_the_packages_is_noticed(bootstrap: ModuleType, tmp_path: Path, changed: str) -> None:
    installed(bootstrap, "run")
    (tmp_path / changed).write_text("one==2\n")
    assert not bootstrap.is_ready("run")


def test_an_unsupported_python_is_told_what_to_do(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in = tmp_path / "python3.12"
    stand_in.write_text("#!/bin/sh\nexit 127\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"needs Python 3.11 to 3.14; this is 3.*\n.*make PYTHON="):
        bootstrap.use_supported_python([])


def test_a_python_without_venv_is_told_what_to_install(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object()
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    with pytest.raises(
        SystemExit, match=rf"without the module ensurepip.\n.*apt-get install python{version}-venv"
    ):
        bootstrap.make_environment()


def test_without_a_browser_an_ordinary_user_is_told_what_to_install(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(
        SystemExit,
        match=r"none of these is on the PATH: chromium-headless-shell, .*\n.*install chromium-headless-shell",
    ):
        bootstrap.find_browser()


def test_a_failed_step_shows_what_it_said(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="It broke: see above"):
        bootstrap.run([sys.executable, "-c", "print('why'); raise SystemExit(3)"], "it broke")
    assert capsys.readouterr().err == "why\n"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Collecting django==5.2.1 (from -r requirements/run.txt)", "django"),
        ("Requirement already satisfied: argon2-cffi==25.1.0 in /x (25.1.0)", "argon2"),
        ("Processing /wheels/click-8.2-py3-none-any.whl", "click"),
        ("Ignoring tzdata: markers 'x' don't match", "tzdata"),
    ],
)
def test_progress_names_the_package(bootstrap: ModuleType, line: str, name: str) -> None:
    found = bootstrap.PACKAGE_LINE.match(line)
    assert found is not None
    assert found[1] == name


def test_two_runs_wait_for_each_other(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def flock(lock: object, how: int) -> None:
        calls.append(how)
        if how & fcntl.LOCK_NB:
            raise BlockingIOError
        installed(bootstrap, "run")  # the other run finishes meanwhile

    monkeypatch.setattr(bootstrap.fcntl, "flock", flock)
    bootstrap.prepare("run")
    assert calls == [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_EX]


def test_make_alone_tells_every_target() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    text = (ROOT / "Makefile").read_text()
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY: "))
    for target in phony.removeprefix(".PHONY: ").split():
        assert f"  make {target}\t" in done.stdout
