"""Keys that are made once and kept in private files beside the database."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

SIGNING_KEY_FILE = "secret-key"
SEALING_KEY_FILE = "sealing-key"


def secret_key(data_dir: Path) -> str:
    """The key that signs sessions and invitations."""
    return _kept(data_dir / SIGNING_KEY_FILE, lambda: secrets.token_urlsafe(48))


def sealing_key(data_dir: Path) -> str:
    """The key that keeps secrets in the database unreadable: 256 bits, as Fernet spells them."""
    return _kept(
        data_dir / SEALING_KEY_FILE,
        lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Read a key, or make it with mode 0600. Two processes that start at once agree on one key."""
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(make())
    try:
        os.link(fresh, path)  # atomic, and fails when another process was first
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text("ascii")
