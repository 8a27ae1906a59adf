"""The key that signs sessions: made once, kept in a private file beside the database."""

import os
import secrets
from pathlib import Path


def secret_key(data_dir: Path) -> str:
    """Read the key, or make it with mode 0600. Two processes that start at once agree on one key."""
    path = data_dir / "secret-key"
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f".secret-key-{os.getpid()}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)  # atomic, and fails when another process was first
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text("ascii")
