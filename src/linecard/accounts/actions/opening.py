"""Who may act on somebody's account: change it, or what it opens with: their password, their tokens."""

from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.accounts.permissions import VERBS, all_areas, may
from linecard.accounts.scope import sees_everything
from linecard.audit.actor import Actor
from linecard.kernel.errors import Forbidden, NotFound


def require_may_open(user: User, by: Actor) -> None:
    """Raise unless somebody may open this account: their own, or as one who manages users and may do as much.

    Whoever opens an account may do all that its user may, so without this a manager of users could become anybody. Nor
    may they change it: with the groups taken away, they would be one who may do as much.

    Raises ``Forbidden``, and ``NotFound`` for a user of another reseller.
    """
    if not isinstance(by, UserActor) or by.user.pk == user.pk:
        return
    by.require("users", "update")
    if not sees_everything(by.user) and user.reseller_id != by.user.reseller_id:
        raise NotFound(gettext("There is no such user."))
    if not by.user.is_administrator and _may_more(user, by.user):
        raise Forbidden(
            gettext("{user} may do more than you, so only an administrator can do this.").format(user=user)
        )


def _may_more(user: User, than: User) -> bool:
    if user.is_administrator:
        return True
    given = ((area.name, verb) for area in all_areas() for verb in VERBS)
    return any(verb in user.permissions.get(area, ()) and not may(than, area, verb) for area, verb in given)
