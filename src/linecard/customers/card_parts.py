"""Parts of the card that rooms above bring: entries of its navigation."""

from collections.abc import Callable
from dataclasses import dataclass

from linecard.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPart:
    """An entry; the URL takes the customer's id. ``visible`` hides a link and protects nothing."""

    label: str
    url_name: str
    icon: str
    visible: Callable[[User], bool]


_parts: list[CardPart] = []


def register_part(part: CardPart) -> None:
    """Add an entry; called when the program starts."""
    _parts.append(part)


def added_parts(user: User) -> list[CardPart]:
    """What rooms have added and the user sees."""
    return [part for part in _parts if part.visible(user)]
