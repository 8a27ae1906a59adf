"""The grids of Setup, for what works alike on all grids."""

from django.db.models import QuerySet

from linecard.accounts.audit_log import audit_screen, visible_entries
from linecard.accounts.models import Group, Reseller, User
from linecard.accounts.queries import managed_groups, managed_resellers, managed_users
from linecard.accounts.scope import require_staff
from linecard.accounts.tables import groups_screen, resellers_screen, users_screen
from linecard.web.grid.places import Place, register


def register_places() -> None:
    """Called when the program starts."""
    register("users", Place(url_name="users", screen=users_screen, rows=managed_users))
    register("groups", Place(url_name="groups", screen=lambda _: groups_screen(), rows=_groups))
    register("resellers", Place(url_name="resellers", screen=resellers_screen, rows=_resellers))
    register("audit", Place(url_name="audit-log", screen=lambda _: audit_screen(), rows=visible_entries))


# The pages of both are for the operator's own staff.


def _groups(user: User) -> QuerySet[Group]:
    require_staff(user)
    return managed_groups(user)


def _resellers(user: User) -> QuerySet[Reseller]:
    require_staff(user)
    return managed_resellers(user)
