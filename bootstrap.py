"""Makes the virtual environment, installs the pinned packages, then becomes the command that was asked for.

usage: python3 bootstrap.py [--dev] [--browser] [COMMAND [ARGUMENT ...]]

Needs only the standard library of Python 3.11 to 3.14. A second run finds everything in place and costs
nothing; two runs at once wait for each other. The Makefile calls this; you need not.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

OLDEST, NEWEST = (3, 11), (3, 14)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
# In the order in which the journeys would have them; the first has no windows of its own: half the work.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# What distributions call the packages.
BROWSER_PACKAGES = ("chromium-headless-shell", "chromium", "chromium-browser")
PIP = (
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--no-input",
    "install",
    "--no-user",
    "--root-user-action=ignore",
)


# What pip says about each package; the group is the package's name.
PACKAGE_LINE = re.compile(
    r"(?:Collecting |Ignoring |Requirement already satisfied: |Processing (?:.*/)?)([A-Za-z0-9._]+)"
)


def main(arguments: list[str]) -> None:
    """Prepare what the options ask for, then run the command in the environment."""
    # A shell that starts things in the background ignores Ctrl-C for them; here it always stops.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]  # whatever LANG says
    use_supported_python(arguments)
    options = set()
    while arguments and arguments[0] in ("--dev", "--browser"):
        options.add(arguments.pop(0))
    prepare("dev" if "--dev" in options else "run")
    if "--browser" in options:
        find_browser()
    if arguments:
        os.environ["PYTHONUTF8"] = "1"
        os.execv(BIN / arguments[0], arguments)  # noqa: S606  no shell is wanted


def use_supported_python(arguments: list[str]) -> None:
    """Go on with this Python when it is supported, else with a supported one from the PATH."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and works(found):
            os.execv(found, [found, __file__, *arguments])  # noqa: S606
    fail(
        f"Linecard needs Python 3.11 to 3.14; this is {sys.version.split()[0]} ({sys.executable}).",
        "Install one of them, or name it: make PYTHON=/path/to/python3.12 run",
    )


def works(python: str) -> bool:
    """Whether it is a Python at all: a version manager's stand-in may only say that there is none."""
    done = subprocess.run([python, "-I", "-c", "import venv, ensurepip"], capture_output=True, check=False)
    return done.returncode == 0


def prepare(kind: str) -> None:
    """Bring the environment to what requirements/<kind>.txt says; nothing to do when it is there already."""
    if is_ready(kind):
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run prepares the environment; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(kind):
            return
        make_environment()
        install(kind)
        stamp(kind).write_text(fingerprint(kind), encoding="ascii")
    say("The environment is ready")


def is_ready(kind: str) -> bool:
    """Whether the environment holds what is wanted; the one for tests holds everything."""
    kinds = ("dev",) if kind == "dev" else ("dev", "run")
    return any(stamp(one).is_file() and stamp(one).read_text("ascii") == fingerprint(one) for one in kinds)


def stamp(kind: str) -> Path:
    """The file that says which packages were installed."""
    return VENV / (".installed-" + kind)


def requirements(kind: str) -> Path:
    """The pinned packages, with their hashes."""
    return ROOT / "requirements" / (kind + ".txt")


def fingerprint(kind: str) -> str:
    """Changes when the packages, the project's metadata, the Python or the folder change."""
    digest = hashlib.sha256()
    for part in (sys.version, sys.base_prefix, str(VENV)):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    for path in (requirements(kind), ROOT / "pyproject.toml"):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def make_environment() -> None:
    """Make .venv, unless a usable one of this very Python is there."""
    if environment_version() == sys.version:
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        fail(
            f"This Python ({sys.executable}) comes without the module {missing[0]}.",
            f"Debian, Ubuntu: apt-get install python{version}-venv",
            f"Elsewhere: install Python {version} with venv and pip, or name another: make PYTHON=... run",
        )
    say(f"Making the virtual environment with Python {sys.version.split()[0]}")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "the virtual environment could not be made")


def environment_version() -> str:
    """The version of the Python in .venv; empty when there is none that runs."""
    command = [str(BIN / "python"), "-I", "-c", "import pip, sys; print(sys.version)"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.rstrip("\n")


def install(kind: str) -> None:
    """Install the pinned packages, each checked against its hash, then Linecard itself from this folder."""
    for old in VENV.glob(".installed-*"):
        old.unlink()
    total = sum(1 for line in requirements(kind).read_text("utf-8").splitlines() if line[:1].isalnum())
    say(f"Installing {total} packages")
    python = str(BIN / "python")
    # The files name all that is needed: nothing is left to resolve, and pip would stumble over a newer version of a
    # package that is wanted with extras.
    pinned = [python, *PIP, "--require-hashes", "--no-deps", "--only-binary=:all:"]
    pinned += ["-r", str(requirements(kind))]
    run(pinned, "the packages could not be installed", total)
    ours = [python, *PIP, "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    run(ours, "Linecard could not be installed into its environment")


def run(command: list[str], failure: str, total: int = 0) -> None:
    """Run a step; show how far it is (``total`` packages), and all it said when it fails."""
    environment = {
        **os.environ,
        "PYTHONUTF8": "1",
        "PIP_PROGRESS_BAR": "off",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    said = []
    count = 0
    with subprocess.Popen(
        command,
        env=environment,
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            package = PACKAGE_LINE.match(line) if total else None
            if package:
                count = min(count + 1, total)
                show_progress(count, total, package.group(1))
            elif total and line.startswith("Installing collected packages"):
                say("Unpacking them")
    if process.returncode:
        sys.stderr.write("".join(said[-40:]))
        fail(f"{failure.capitalize()}: see above.")


def show_progress(count: int, total: int, name: str) -> None:
    """One line that changes on a terminal; every tenth package elsewhere."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K  {count} of {total}  {name}" + ("\n" if count == total else ""))
        sys.stdout.flush()
    elif count % 10 == 0 or count == total:
        print(f"  {count} of {total}")


def find_browser() -> None:
    """The journeys through the pages run in the system's Chromium: find it, or install it where we may."""
    if has_browser():
        return
    apt = shutil.which("apt-get")
    if not apt:
        fail(no_browser(), "Install Chromium or Chrome.")
    if os.geteuid() != 0:
        known = browser_package(apt) or BROWSER_PACKAGES[0]
        fail(no_browser(), f"As root: apt-get update && apt-get install {known}")
    say("Installing Chromium from the distribution, for the browser journeys")
    apt_get(apt, "update")
    package = browser_package(apt)
    if package is None:
        fail(
            no_browser(),
            f"apt-get knows no package {' or '.join(BROWSER_PACKAGES)}: install Chromium or Chrome.",
        )
    apt_get(apt, "install", "--yes", "--no-install-recommends", package)
    if not has_browser():
        fail(no_browser(), f"The package {package} brought none: install Chromium or Chrome.")


def has_browser() -> bool:
    """Whether any of the browsers is there."""
    return any(shutil.which(name) for name in BROWSERS)


def no_browser() -> str:
    """What is missing."""
    return f"The browser journeys need Chromium, and none of these is on the PATH: {', '.join(BROWSERS)}."


def browser_package(apt: str) -> str | None:
    """The first of the packages that could be installed here; asking is open to everybody."""
    for package in BROWSER_PACKAGES:
        tried = subprocess.run(
            [apt, "-qq", "--simulate", "--no-install-recommends", "install", package],
            capture_output=True,
            check=False,
        )
        if tried.returncode == 0:
            return package
    return None


def apt_get(apt: str, command: str, *arguments: str) -> None:
    """Let apt-get do it without a question; show what it said when it fails."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run([apt, "-qq", command, *arguments], env=quiet, capture_output=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr.decode("utf-8", "replace"))
        fail(f"apt-get {' '.join((command, *arguments))} did not work: see above.")


def say(text: str) -> None:
    """One step, for the person who waits."""
    print("bootstrap: " + text)


def fail(*lines: str) -> NoReturn:
    """Say what is wrong and what to do, and end."""
    sys.exit("\n".join("bootstrap: " + line for line in lines))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nbootstrap: stopped; start again and it goes on from here")
