"""The first administrator: made once, when there is no user at all."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from linecard.accounts.actions import create_user
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from linecard.config import environment
from linecard.config.first_password import password_file

USERNAME = "admin"


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who was made. ``password`` is None when the operator chose it."""

    username: str
    password: str | None
    file: Path

    def introduction(self) -> str:
        """What the person who starts Linecard has to know, shown once."""
        if self.password is None:
            return f"The first administrator is {self.username}, with the password of LINECARD_ADMIN_PASSWORD"
        return (
            "\n"
            f"  The first administrator:  {self.username}\n"
            f"  password:                 {self.password}\n"
            f"  shown only now; kept in   {self.file}\n"
        )


def make_if_missing() -> FirstAdministrator | None:
    """Make the administrator when there is no user yet; None when there is one. Raises ``Invalid``."""
    if User.objects.exists():
        return None
    file = password_file(environment.data_dir())
    chosen = environment.admin_password()
    password = chosen or _kept_password(file)
    create_user(username=USERNAME, password=password, is_administrator=True, by=command_actor())
    return FirstAdministrator(USERNAME, None if chosen else password, file)


def _kept_password(file: Path) -> str:
    """A random password, in its file before it is in use: an interrupted first start takes it up again."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := file.read_text("utf-8").strip():
            return kept
        file.unlink()
        return _kept_password(file)
    password = secrets.token_urlsafe(12)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(password + "\n")
    return password
