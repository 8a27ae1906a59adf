"""What pages show about accounts."""

from django.db.models import Q, QuerySet

from linecard.accounts.models import ApiToken, Group, Reseller, User
from linecard.accounts.permissions import require
from linecard.accounts.scope import in_scope, sees_everything, visible_resellers
from linecard.kernel.clock import now


def living_tokens(user: User) -> QuerySet[ApiToken]:
    """The user's tokens that still open something, newest first."""
    not_over = Q(expires_at=None) | Q(expires_at__gt=now())
    return ApiToken.objects.filter(not_over, user=user, revoked_at=None).order_by("-created_at", "-id")


def managed_users(user: User) -> QuerySet[User]:
    """The users that somebody who manages users sees: all, or those of their reseller. Raises ``Forbidden``."""
    require(user, "users", "read")
    return in_scope(User.objects.order_by("username_key"), user)


def managed_groups(user: User) -> QuerySet[Group]:
    """The groups that somebody who manages users sees: all, or those that a reseller's user may give.

    Raises ``Forbidden``.
    """
    require(user, "users", "read")
    groups = Group.objects.order_by("name_key")
    if sees_everything(user):
        return groups
    return groups.filter(everything=False, permissions__contained_by=user.permissions)


def managed_resellers(user: User) -> QuerySet[Reseller]:
    """The resellers that somebody who manages users sees: all, or their own. Raises ``Forbidden``."""
    require(user, "users", "read")
    return visible_resellers(user)
