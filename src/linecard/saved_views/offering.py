"""Which views the page of a grid offers, and which of them it shows."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from linecard.accounts.models import User
from linecard.saved_views.models import SavedView
from linecard.saved_views.queries import may_manage, visible_views
from linecard.saved_views.spelling import spell_view
from linecard.web.grid.views import VIEW_PARAMETERS, Offered

API_URL = "/api/v1/views"
# More than a menu can show; one user has at most a hundred of their own.
MAX_OFFERED = 500


def offered_views(user: User, grid: str, address: Mapping[str, str]) -> Offered:
    """The views of a grid, and what the address means.

    Without parameters it means the default view; ``view=7`` means that one, and other parameters beside it what became
    of it since. Any other ``view`` means none.
    """
    views = list(visible_views(user, grid)[:MAX_OFFERED])
    standard = _standard(views)
    is_bare = not any(name in address for name in VIEW_PARAMETERS)
    wanted = address.get("view", "")
    shown = standard if is_bare and not wanted else next((v for v in views if str(v.pk) == wanted), None)
    told: dict[str, Any] = {
        "url": API_URL,
        "list": [spell_view(view, user) for view in views],
        "standard": standard.pk if standard else None,
        "missing": wanted.isdigit() and shown is None,
        "manages": may_manage(user),
    }
    if is_bare and shown is not None:
        address = dict(parse_qsl(shown.query))
    return Offered(address, shown.name if shown else "", told)


def _standard(views: list[SavedView]) -> SavedView | None:
    """What a bare address opens: the user's own choice, or that of their side."""
    for mark in ("is_own_default", "is_side_default"):
        for view in views:
            if getattr(view, mark):
                return view
    return None
