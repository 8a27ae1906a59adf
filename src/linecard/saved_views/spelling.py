"""How the API spells a view."""

from typing import Any

from linecard.accounts.models import User
from linecard.kernel.clock import write_moment
from linecard.saved_views.models import SavedView
from linecard.saved_views.queries import may_change
from linecard.web.grid.places import place_named


def spell_view(view: Any, user: User) -> dict[str, Any]:
    """A view as ``visible_views`` gives it, for one user."""
    return {
        "id": view.pk,
        "grid": view.grid,
        "name": view.name,
        "query": view.query,
        "address": _address(view),
        "shared": view.shared,
        "owner": {"id": view.owner.pk, "name": str(view.owner)},
        "own": view.owner_id == user.pk,
        "changeable": may_change(user, view),
        "default": view.is_own_default,
        "default_for_all": view.is_side_default,
        "created_at": write_moment(view.created_at),
        "updated_at": write_moment(view.updated_at),
    }


def _address(view: SavedView) -> str:
    return f"{place_named(view.grid).address}?view={view.pk}"
