"""Finding what was named on the command line."""

from linecard.accounts.actions import make_ready_made_groups
from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Group, Reseller, User
from linecard.audit.actor import COMMAND
from linecard.kernel.errors import NotFound
from linecard.kernel.names import name_key


def user_named(username: str) -> User:
    """The user. Raises ``NotFound``."""
    found = User.objects.filter(username_key=name_key(username)).first()
    if found is None:
        raise NotFound(f"There is no user named {username}")
    return found


def reseller_named(name: str) -> Reseller:
    """The reseller. Raises ``NotFound``."""
    found = Reseller.objects.filter(name_key=name_key(name)).first()
    if found is None:
        raise NotFound(f"There is no reseller named {name}; `linecard reseller create` makes one")
    return found


def group_named(name: str) -> Group:
    """The group; those that are there from the start are made when they are missing. Raises ``NotFound``."""
    make_ready_made_groups()
    found = Group.objects.filter(name_key=name_key(name)).first()
    if found is None:
        known = ", ".join(Group.objects.order_by("name_key").values_list("name", flat=True))
        raise NotFound(f"There is no group named {name}; there are {known}")
    return found


def acting_user(username: str | None) -> UserActor:
    """The user in whose name a command acts: the first administrator unless one is named. Raises ``NotFound``."""
    if username is not None:
        user = user_named(username)
    else:
        found = User.objects.filter(is_administrator=True, is_active=True).order_by("pk").first()
        if found is None:
            raise NotFound("There is no active administrator; name a user with --user")
        user = found
    if not user.is_active:
        raise NotFound(f"{user.username} is not active")
    return acting(user, via=COMMAND)
