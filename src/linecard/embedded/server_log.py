"""What the server said lately."""

import re
from pathlib import Path

from linecard.embedded.places import Places

# Lines of connections name a user between the process and the level.
_OWN_LINE = re.compile(r"\[\d+\] LOG:  (.*)$")
_TAIL_BYTES = 16_384
_TAIL_LINES = 15
# The collector's own notice that it takes over is no news.
_NO_NEWS = ("redirecting log output to logging collector", "Future log output will appear in directory")


def log_tail(places: Places) -> str:
    """The last lines of the start-up output and of the newest log file, and where they are."""
    lines = [line for line in _last_lines(places.start_log) if not any(text in line for text in _NO_NEWS)]
    newest = _newest(places.log)
    if newest and newest.stat().st_mtime >= _modified(places.start_log) - 1:
        lines += _last_lines(newest)
    return (
        "\n".join(f"  {line}" for line in lines[-_TAIL_LINES:])
        + f"\n(the whole log: {newest or places.start_log})"
    )


def last_own_line(places: Places) -> str:
    """What the server itself said last, as opposed to what a connection met; empty when there is nothing."""
    newest = _newest(places.log)
    own = [found[1] for line in (_last_lines(newest) if newest else []) if (found := _OWN_LINE.search(line))]
    return own[-1] if own else ""


def _newest(folder: Path) -> Path | None:
    return max(folder.glob("*.log"), key=_modified, default=None)


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _last_lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace").splitlines()
