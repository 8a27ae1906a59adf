"""Where the first administrator's random password is kept."""

from pathlib import Path


def password_file(data_dir: Path) -> Path:
    """The file, readable only to the account that runs Linecard; absent when the password was chosen."""
    return data_dir / "admin-password"
