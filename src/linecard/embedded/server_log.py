"""What the server said lately."""

from pathlib import Path

from linecard.embedded.places import Places

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


def last_line(places: Places) -> str:
    """The newest line of the log, without its time stamp; empty when there is none."""
    newest = _newest(places.log)
    lines = _last_lines(newest) if newest else []
    return lines[-1].partition("] ")[2].strip() if lines else ""


def _newest(folder: Path) -> Path | None:
    return max(folder.glob("*.log"), key=_modified, default=None)


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _last_lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace").splitlines()[-_TAIL_LINES:]
