"""Secrets that must be read again, kept so that the database alone does not tell them."""

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """It was sealed with another key: the data folder's file is not the one it was made with."""


def seal(secret: str) -> str:
    """The secret as it may stand in the database."""
    return _box().encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed. Raises ``Unreadable``."""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _box() -> Fernet:
    return Fernet(settings.SEALING_KEY)
