"""A pytest plugin: one throw-away PostgreSQL for the whole run, started before Django reads its settings.

A run that finds ``DATABASE_URL`` uses that server instead (databases named ``test_…`` are made and dropped
there). Workers of pytest-xdist inherit the address from the process that started them.
"""

import atexit
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from urllib.parse import quote, urlencode

import pytest

from linecard import embedded

_closing = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start the server; a wrapper, because pytest-django reads the settings in this very hook."""
    known = early_config.known_args_namespace
    if not (known.help or known.version or "PYTEST_XDIST_WORKER" in os.environ):
        _prepare()
    yield


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server when the databases in it are no longer needed."""
    _closing.close()


def _prepare() -> None:
    atexit.register(_closing.close)
    _end_in_order_when_terminated()
    data_dir = _temporary_folder()
    os.environ["LINECARD_DATA_DIR"] = str(data_dir)
    if not os.environ.get("DATABASE_URL"):
        _closing.enter_context(embedded.Cluster(data_dir, report=lambda _: None, durable=False))
        os.environ["DATABASE_URL"] = _url(embedded.connection_parameters(data_dir))


def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="linecard-tests-"))
    _closing.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o711)  # the account that runs the database for root has to pass through
    return folder


def _url(parameters: dict[str, str]) -> str:
    options = {key: value for key, value in parameters.items() if key not in ("user", "dbname")}
    return f"postgresql://{quote(parameters['user'], safe='')}@/{parameters['dbname']}?{urlencode(options)}"


def _end_in_order_when_terminated() -> None:
    def leave(number: int, _: FrameType | None) -> None:
        pytest.exit(f"ended by signal {number}", returncode=128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
