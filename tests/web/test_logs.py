"""Log lines: JSON for machines, text for people, secrets for nobody."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from linecard.web import logs
from linecard.web.request_ids import begin_request


@pytest.fixture
def logger(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    """A logger of its own; what it writes is on standard error."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure({"level": "INFO"})
    yield logging.getLogger("linecard.test")
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_one_json_object(logger: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    request_id = begin_request("request-0001")
    logger.info("Hello %s", "wörld\nagain", extra={"route": "customers", "status": 200, "other": object()})
    (line,) = lines(capsys)
    time = line.pop("time")
    assert time.endswith("Z")
    assert len(time) == len("2026-01-02T03:04:05.678Z")
    assert line == {
        "level": "INFO",
        "logger": "linecard.test",
        "message": "Hello wörld\nagain",
        "request_id": request_id,
        "route": "customers",
        "status": 200,
    }


def test_below_the_level_nothing_is_written(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.debug("quiet")
    assert capsys.readouterr().err == ""


def test_secrets_are_redacted_everywhere(logger: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise RuntimeError("postgresql://u:hunter2@db/x")
    except RuntimeError:
        logger.exception(
            "password=%s",
            "hunter2",
            extra={"token": "hunter2", "note": "cookie: sessionid=hunter2", "body": {"password": "hunter2"}},
        )
    output = capsys.readouterr().err
    assert "hunter2" not in output
    line = json.loads(output)
    assert line["message"] == "password=[redacted]"
    assert line["token"] == "[redacted]"
    assert line["note"] == "cookie: [redacted]"
    assert "body" not in line
    assert line["exception"].startswith("Traceback (most recent call last):")
    assert line["exception"].endswith("RuntimeError: postgresql://u:[redacted]@db/x")


def test_configuring_twice_writes_once(logger: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"level": "INFO"})
    logger.info("once")
    assert [line["message"] for line in lines(capsys)] == ["once"]


def test_a_server_s_own_access_log_is_silent(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("uvicorn.access").info("GET /?token=x")
    logging.getLogger("django.request").warning("Not Found: /x")
    logging.getLogger("django.request").error("Internal Server Error: /x")
    assert [line["message"] for line in lines(capsys)] == ["Internal Server Error: /x"]


def test_warnings_are_logged(logger: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("py.warnings").warning("this will change")
    assert [line["logger"] for line in lines(capsys)] == ["py.warnings"]


@pytest.mark.usefixtures("logger")
def test_on_a_terminal_lines_are_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    logs.configure({"level": "INFO"})
    logging.getLogger("linecard.test").warning("path /\x1b[31m\n/x secret=%s", "hunter2")
    (line,) = capsys.readouterr().err.splitlines()
    assert line[8:] == " WARNING linecard.test: path /\\x1b[31m\\n/x secret=[redacted]"
