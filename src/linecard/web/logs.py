"""Logs: one JSON object a line on standard error, or lines for people when that is a terminal."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from linecard.web.redaction import REDACTED, is_sensitive, redact
from linecard.web.request_ids import current_request_id

# What every record has; anything else was given as ``extra``.
_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_LEVELS = {
    # one line a request is ours (linecard.access)
    "uvicorn.access": logging.ERROR,
    "django.request": logging.ERROR,
    "django.server": logging.ERROR,
    # these tell each step they take
    "procrastinate": logging.WARNING,
    "axes": logging.WARNING,
    "asyncio": logging.WARNING,
}


def configure(options: Mapping[str, Any]) -> None:
    """Send all logs to standard error. ``options["level"]`` is the least level that is logged.

    Django calls this as its ``LOGGING_CONFIG``; calling it again changes nothing.
    """
    handler = _StandardError()
    handler.setFormatter(TerminalFormatter() if sys.stderr.isatty() else JSONFormatter())
    root = logging.getLogger()
    for old in [kept for kept in root.handlers if isinstance(kept, _StandardError)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(options.get("level", "INFO"))
    for name in ("django", "django.server", "uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name, level in _LEVELS.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever ``sys.stderr`` is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class JSONFormatter(logging.Formatter):
    """Time (UTC), level, logger, message, request id, what was given as ``extra``, and the exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if request_id := current_request_id():
            line["request_id"] = request_id
        line.update(_extras(record))
        if exception := _exception(self, record):
            line["exception"] = exception
        return json.dumps(line, ensure_ascii=False)


class TerminalFormatter(logging.Formatter):
    """The same for people, in local time: ``09:26:53 INFO    linecard.access: GET / 200 3.1 ms``."""

    def format(self, record: logging.LogRecord) -> str:
        message = _printable(redact(record.getMessage()))
        clock = _time(record).astimezone().strftime("%H:%M:%S")
        line = f"{clock} {record.levelname:<7} {record.name}: {message}"
        exception = _exception(self, record)
        return f"{line}\n{exception}" if exception else line


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    for key, value in vars(record).items():
        if key in _OWN_ATTRIBUTES or value is None:
            continue
        if is_sensitive(key):
            extras[key] = REDACTED
        elif isinstance(value, str):
            extras[key] = redact(value)
        elif isinstance(value, (bool, int, float)):
            extras[key] = value
    return extras  # objects stay out: nobody knows what their repr would tell


def _exception(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0]:
        return redact(formatter.formatException(record.exc_info))
    return redact(record.exc_text or "")


def _printable(text: str) -> str:
    # a path can hold line breaks and escape sequences; a terminal must not obey them
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
