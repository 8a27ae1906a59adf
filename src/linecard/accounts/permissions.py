"""What a user may do: verbs in areas, added up over the user's groups.

Rooms register their areas when the program starts. The actions ask; pages ask too, so that they offer only what will
not be refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext, gettext_noop

from linecard.kernel.errors import Forbidden

if TYPE_CHECKING:
    from linecard.accounts.models import User

Verb = Literal["create", "read", "update", "delete"]
VERBS: tuple[Verb, ...] = ("create", "read", "update", "delete")

_DOINGS: Mapping[Verb, str] = {
    "create": gettext_noop("add"),
    "read": gettext_noop("see"),
    "update": gettext_noop("change"),
    "delete": gettext_noop("delete"),
}


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product that permissions are given for.

    ``verbs`` are those that mean something in it; ``help`` says what they cover where that is not plain. ``told`` is
    what a sentence calls it, where that is not its label in small letters.
    """

    name: str
    label: str
    order: int
    help: str = ""
    verbs: tuple[Verb, ...] = VERBS
    told: str = ""


_areas: dict[str, Area] = {}


def register_area(area: Area) -> None:
    """Offer an area in the groups."""
    _areas[area.name] = area


def all_areas() -> list[Area]:
    """Every area that the program has, in the order of the screens."""
    return sorted(_areas.values(), key=lambda area: (area.order, area.label))


def may(user: "User", area: str, verb: Verb) -> bool:
    """Whether the user may do this; somebody who was deactivated may do nothing."""
    return user.is_active and (user.is_administrator or verb in user.permissions.get(area, ()))


def require(user: "User", area: str, verb: Verb) -> None:
    """Raise ``Forbidden``, with the reason, unless the user may do this."""
    if may(user, area, verb):
        return
    named = _areas.get(area)
    label = (gettext(named.told) or gettext(named.label).lower()) if named else area
    if not user.is_active:
        raise Forbidden(gettext("{user} is not active any more.").format(user=user))
    raise Forbidden(
        gettext("None of your groups lets you {doings} {label}. An administrator can change that.").format(
            doings=gettext(_DOINGS[verb]), label=label
        )
    )


def added_up(permissions: Iterable[Mapping[str, Iterable[str]]]) -> dict[str, list[str]]:
    """The permissions of several groups together, in the order of ``VERBS``."""
    together: dict[str, set[str]] = {}
    for one in permissions:
        for area, verbs in one.items():
            together.setdefault(area, set()).update(verbs)
    return {
        area: [verb for verb in VERBS if verb in verbs] for area, verbs in sorted(together.items()) if verbs
    }
