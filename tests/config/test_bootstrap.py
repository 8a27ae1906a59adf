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


APT_GET = """#!{python} -IS
import sys
from pathlib import Path

here, packages, brings = Path({folder!r}), {packages!r}, {brings!r}
*_, last = asked = sys.argv[1:]
if "--simulate" in asked:
    sys.exit(0 if last in packages else 100)
with (here / "asked").open("a") as log:
    print(*asked, file=log)
if packages is None:
    sys.exit("E: no network")
if "install" in asked and brings:
    (here / brings).write_text("")
    (here / brings).chmod(0o755)
"""


class Distribution:
    """A PATH on which there is nothing but a pretended `apt-get`, which writes down what it was asked to do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, *packages: str, brings: str = "") -> None:
        """Let it know these packages; installing one brings the program ``brings``."""
        self._write(packages, brings)

    def is_cut_off(self) -> None:
        """Let it know nothing and reach nothing."""
        self._write(None, "")

    def _write(self, packages: tuple[str, ...] | None, brings: str) -> None:
        program = self._folder / "apt-get"
        program.write_text(
            APT_GET.format(python=sys.executable, folder=str(self._folder), packages=packages, brings=brings)
        )
        program.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        """What it was to do, apart from answering."""
        log = self._folder / "asked"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Distribution:
    """A machine without a browser, on which the tests are root."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return Distribution(tmp_path / "bin")


@pytest.mark.parametrize(
    ("packages", "chosen"),
    [
        (["chromium", "chromium-headless-shell"], "chromium-headless-shell"),
        (["chromium", "chromium-browser"], "chromium"),
        (["chromium-browser"], "chromium-browser"),
    ],
)
def test_root_gets_the_browser_that_the_distribution_has(
    bootstrap: ModuleType, distribution: Distribution, packages: list[str], chosen: str
) -> None:
    distribution.has(*packages, brings="chromium")
    bootstrap.find_browser()
    assert distribution.asked == ["-qq update", f"-qq install --yes --no-install-recommends {chosen}"]
    bootstrap.find_browser()
    assert len(distribution.asked) == 2, "it is there now"


@pytest.mark.parametrize(
    ("packages", "told"),
    [
        (["chromium-headless-shell", "chromium"], "chromium-headless-shell"),
        (["chromium", "chromium-browser"], "chromium"),
        ([], "chromium-headless-shell"),  # nothing is known before the first update
    ],
)
def test_an_ordinary_user_is_told_which_browser_to_install(
    bootstrap: ModuleType,
    distribution: Distribution,
    monkeypatch: pytest.MonkeyPatch,
    packages: list[str],
    told: str,
) -> None:
    distribution.has(*packages)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(
        SystemExit,
        match=rf"none of these is on the PATH: chromium-headless-shell, .*\n.*As root: .* install {told}$",
    ):
        bootstrap.find_browser()
    assert distribution.asked == []


def test_without_apt_any_browser_is_asked_for(bootstrap: ModuleType, distribution: Distribution) -> None:
    with pytest.raises(SystemExit, match=r"google-chrome-stable\.\n.*Install Chromium or Chrome\.$"):
        bootstrap.find_browser()


def test_a_distribution_without_a_browser_is_named(bootstrap: ModuleType, distribution: Distribution) -> None:
    distribution.has("firefox")
    with pytest.raises(
        SystemExit, match=r"knows no package chromium-headless-shell or chromium or chromium-browser: install"
    ):
        bootstrap.find_browser()
    assert distribution.asked == ["-qq update"]


def test_a_package_that_brings_no_browser_is_named(bootstrap: ModuleType, distribution: Distribution) -> None:
    distribution.has("chromium-browser", brings="only-a-hint")
    with pytest.raises(SystemExit, match=r"The package chromium-browser brought none"):
        bootstrap.find_browser()


def test_what_apt_complains_of_is_shown(
    bootstrap: ModuleType, distribution: Distribution, capsys: pytest.CaptureFixture[str]
) -> None:
    distribution.is_cut_off()
    with pytest.raises(SystemExit, match="apt-get update did not work: see above"):
        bootstrap.find_browser()
    assert capsys.readouterr().err == "E: no network\n"


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
