"""What pages show about accounts."""

from django.db.models import Q, QuerySet

from linecard.accounts.models import ApiToken, User
from linecard.kernel.clock import now


def living_tokens(user: User) -> QuerySet[ApiToken]:
    """The user's tokens that still open something, newest first."""
    not_over = Q(expires_at=None) | Q(expires_at__gt=now())
    return ApiToken.objects.filter(not_over, user=user, revoked_at=None).order_by("-created_at", "-id")
