"""Acting users: a user together with the door they came through."""

from dataclasses import dataclass

from django.http import HttpRequest

from linecard.accounts.models import User
from linecard.accounts.origin import address_of
from linecard.accounts.permissions import Verb, require
from linecard.audit.actor import COMMAND, FORM, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class UserActor(Actor):
    """An actor that is a user: what they may see and change follows from it."""

    user: User

    def require(self, area: str, verb: Verb) -> None:
        """Raise ``Forbidden``, with the reason, unless the user may do this."""
        require(self.user, area, verb)


def acting(user: User, *, via: str, address: str | None = None) -> UserActor:
    """The user as an actor."""
    return UserActor(user_id=user.pk, name=str(user), via=via, address=address, user=user)


def acting_in(request: HttpRequest, *, via: str = FORM) -> UserActor:
    """The signed-in user of a request as an actor."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("nobody is signed in")
    return acting(user, via=via, address=address_of(request))


def command_actor() -> Actor:
    """Whoever sits at the machine's command line."""
    return Actor(user_id=None, name="command line", via=COMMAND)
