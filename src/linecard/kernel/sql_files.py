"""SQL that is more than a query lives in files of its own, named for what it does."""

from pathlib import Path


def read_sql(room: str, name: str) -> str:
    """The text of ``<room>/sql/<name>.sql``; ``room`` is the ``__file__`` of a module in the room's migrations."""
    return (Path(room).parent.parent / "sql" / f"{name}.sql").read_text("utf-8")
