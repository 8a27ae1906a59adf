"""What pages show about accounts."""

from django.db.models import Count, Q, QuerySet

from linecard.accounts.models import ApiToken, Group, Reseller, SecondFactor, Session, User
from linecard.accounts.permissions import require
from linecard.accounts.scope import in_scope, sees_everything, visible_resellers
from linecard.accounts.sealing import Unreadable, unseal
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


def living_sessions(user: User) -> QuerySet[Session]:
    """The user's sessions that are not over, the one that was seen last first."""
    return Session.objects.filter(user=user, expires_at__gt=now()).order_by("-seen_at", "-id")


def confirmed_factor(user: User) -> SecondFactor | None:
    """The second factor that is asked for when the user signs in; ``codes_left`` are its unused recovery codes."""
    codes_left = Count("recovery_codes", filter=Q(recovery_codes__used_at=None))
    factors = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None)
    return factors.annotate(codes_left=codes_left).first()


def secret_to_confirm(user: User) -> str | None:
    """What the user's app has to know before a code of it confirms the second factor; None for nothing."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    try:
        return None if factor is None else unseal(factor.secret)
    except Unreadable:
        return None


def search_users(users: QuerySet[User], text: str) -> QuerySet[User]:
    """Those in whose user name, name or email every word of the text stands."""
    for word in text.split():
        found = Q(username__icontains=word) | Q(name__icontains=word) | Q(email__icontains=word)
        users = users.filter(found)
    return users
