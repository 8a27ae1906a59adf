"""Reading saved views: always through what the user may see."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from linecard.accounts.models import User
from linecard.accounts.permissions import may
from linecard.kernel.errors import Forbidden
from linecard.saved_views.models import DefaultView, SavedView
from linecard.web.database import the_one
from linecard.web.grid.places import place_named, place_names


def on_side_of(user: User) -> Q:
    """Whatever is of the user's reseller; for staff, of none."""
    return Q(reseller=user.reseller_id)


def visible_views(user: User, grid: str | None = None) -> QuerySet[SavedView]:
    """The views that a user may open, by name: their private ones, and those shared on their side.

    Each tells in ``is_own_default`` and ``is_side_default`` whether a bare address opens it. Raises ``Forbidden`` when
    the user may not see the grid, and ``NotFound`` when there is none of that name; without one, views of all grids
    that the user may see.
    """
    if grid is not None:
        place_named(grid).rows(user)
    grids = [name for name in place_names() if _may_see(user, name)] if grid is None else [grid]
    seen = Q(owner=user, shared=False) | Q(on_side_of(user), shared=True)
    return _views_for(user).filter(seen, grid__in=grids).order_by("grid", "name_key", "id")


def get_view(user: User, view_id: int) -> SavedView:
    """One view. Raises ``NotFound``, also for one of another side."""
    return the_one(visible_views(user).filter(pk=view_id), gettext_noop("view"))


def get_changed_view(user: User, view_id: int) -> SavedView:
    """A view that the user has just changed, and may see for the last time with that. Raises ``NotFound``."""
    return the_one(_views_for(user).filter(pk=view_id), gettext_noop("view"))


def may_manage(user: User) -> bool:
    """Whether somebody looks after the shared views of their side: those who change users there do."""
    return may(user, "users", "update")


def may_change(user: User, view: SavedView) -> bool:
    """Whether somebody may change or delete a view that they see: their own, or one shared on a side they manage."""
    return view.owner_id == user.pk or (view.shared and may_manage(user))


def _views_for(user: User) -> QuerySet[SavedView]:
    """All views, with what they are to the user."""
    defaults = DefaultView.objects.filter(view=OuterRef("pk"))
    return SavedView.objects.select_related("owner").annotate(
        is_own_default=Exists(defaults.filter(user=user)),
        is_side_default=Exists(defaults.filter(on_side_of(user), user=None)),
    )


def _may_see(user: User, grid: str) -> bool:
    try:
        place_named(grid).rows(user)
    except Forbidden:
        return False
    return True
