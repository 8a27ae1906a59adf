"""What pages offer: only what the user may do. It hides a button and protects nothing; the actions do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest

from linecard.accounts.models import User
from linecard.accounts.permissions import Verb
from linecard.accounts.permissions import may as user_may
from linecard.accounts.scope import sees_everything


@dataclass(frozen=True, slots=True)
class _InArea:
    user: User | None
    area: str

    def __getitem__(self, verb: str) -> bool:
        return self.user is not None and user_may(self.user, self.area, cast(Verb, verb))


@dataclass(frozen=True, slots=True)
class _May:
    """``may.customers.create`` in a template."""

    user: User | None

    def __getitem__(self, area: str) -> _InArea:
        return _InArea(self.user, area)


def may(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``{% if may.customers.create %}`` in every template."""
    return {"may": _May(_user_of(request))}


def seen_with(area: str, verb: Verb, *, staff_only: bool = False) -> Callable[[HttpRequest], bool]:
    """For ``NavigationItem.visible``: whoever may do this; ``staff_only`` leaves out the members of resellers."""

    def is_seen(request: HttpRequest) -> bool:
        user = _user_of(request)
        return user is not None and user_may(user, area, verb) and (not staff_only or sees_everything(user))

    return is_seen


def _user_of(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None
