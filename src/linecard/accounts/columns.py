"""Columns of grids that name a user."""

from typing import Any

from django.db.models import Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from linecard.web.grid import Column


def user_column(name: str, label: str, **look: Any) -> Column:
    """A column of who: the rows need the annotation ``user_shown(name)``."""
    return Column(
        name=name, label=label, kind="reference", source=f"{name}_id", shown=f"{name}_shown", **look
    )


def user_shown(name: str) -> dict[str, Combinable]:
    """What the users at a path are called: those without a name by their username."""
    return {f"{name}_shown": Coalesce(NullIf(f"{name}__name", Value("")), f"{name}__username")}
