"""Telling open pages that rows changed, for what no trigger tells."""

from collections.abc import Collection

from django.db import connection


def announce(grid: str, *, ids: Collection[int] | None, reseller: int | None) -> None:
    """Tell the pages that show ``grid`` which rows changed; None for many.

    ``reseller`` is the one whose users may hear of it besides staff. Told when the present transaction commits, and
    not at all when it does not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT live_announce(%s, %s, %s)", [grid, reseller, None if ids is None else sorted(ids)]
        )
