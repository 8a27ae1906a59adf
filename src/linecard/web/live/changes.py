"""What is told of changed rows, and how several tellings become one."""

import json
from dataclasses import dataclass

CHANNEL = "linecard_live"

# The most ids that are told one by one; beyond it is "many". As in sql/live_announce.sql.
MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of a grid that are not what they were. ``ids`` is None for many.

    ``reseller`` is the one whose users may hear of it besides staff.
    """

    grid: str
    reseller: int | None
    ids: frozenset[int] | None

    @classmethod
    def read(cls, message: str) -> "Change":
        """From a message of the channel. Raises ``ValueError`` for what is none."""
        try:
            told = json.loads(message)
            ids = None if told["ids"] is None else frozenset(int(number) for number in told["ids"])
            return cls(str(told["grid"]), told["reseller"], ids)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a change: {message[:100]}") from error

    @property
    def news(self) -> dict[str, object]:
        """What a page is told: without the reseller."""
        return {"grid": self.grid, "ids": None if self.ids is None else sorted(self.ids)}


class Gathered:
    """Changes that wait to be told: one for each grid and reseller, however many were heard."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, int | None], frozenset[int] | None] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, change: Change) -> None:
        """Add a change to what waits."""
        key = change.grid, change.reseller
        self._waiting[key] = _together(self._waiting[key], change.ids) if key in self._waiting else change.ids

    def take(self) -> list[Change]:
        """All that waits; nothing waits any more."""
        taken = [Change(grid, reseller, ids) for (grid, reseller), ids in self._waiting.items()]
        self._waiting.clear()
        return taken


def _together(one: frozenset[int] | None, other: frozenset[int] | None) -> frozenset[int] | None:
    if one is None or other is None:
        return None
    both = one | other
    return both if len(both) <= MOST_IDS else None
