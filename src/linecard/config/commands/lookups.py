"""Finding what was named on the command line."""

from linecard.accounts.models import Reseller, User
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
