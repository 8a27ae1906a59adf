"""The grid's promises once more in plain Python, to compare with what PostgreSQL answers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from linecard.kernel.money import plain_amount
from linecard.kernel.names import name_key
from tests.web.grid.sample import STATUSES, Card

# What a card shows in a column, as JSON; a reseller by its name, because ids differ from run to run.
SHOWN: dict[str, Callable[[Card], Any]] = {
    "name": lambda card: card.name,
    "city": lambda card: card.city,
    "status": lambda card: card.status,
    "currency": lambda card: card.currency,
    "channels": lambda card: card.channels,
    "debit_limit": lambda card: plain_amount(card.debit_limit, card.currency),
    "locked": lambda card: card.locked,
    "reseller": lambda card: card.reseller,
}
SORT_KEYS: dict[str, Callable[[Card], Any]] = {
    **SHOWN,
    "name": lambda card: name_key(card.name),
    "debit_limit": lambda card: card.debit_limit,
}

cards = st.lists(
    st.builds(
        Card,
        name=st.text("abcÉé %_'", min_size=1, max_size=4).map(str.strip).filter(bool),
        city=st.sampled_from(["", "Bern", "Oslo", "bern"]),
        status=st.sampled_from(STATUSES),
        currency=st.sampled_from(["EUR", "USD", "JPY"]),
        channels=st.none() | st.integers(0, 3),
        debit_limit=st.sampled_from([-1_000_000, 0, 1, 2_500_000, 10**18]),
        locked=st.booleans(),
        reseller=st.none() | st.sampled_from(["North", "South"]),
        tags=st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=2).map(tuple),
    ),
    max_size=12,
    unique_by=lambda card: name_key(card.name),
)


def ordered(rows: Iterable[Card], sort: Sequence[tuple[str, str]]) -> list[Card]:
    """Sorted by several columns; what has no value stands last in both directions; the name breaks ties."""
    result = sorted(rows, key=SORT_KEYS["name"])
    for column, direction in reversed(sort):
        key = SORT_KEYS[column]
        with_value = [card for card in result if key(card) is not None]
        without = [card for card in result if key(card) is None]
        result = sorted(with_value, key=key, reverse=direction == "desc") + without
    return result


def groups_in_order(rows: Sequence[Card], column: str, direction: str) -> list[Any]:
    """The values of a column as groups stand: choices as they are declared, what is empty last."""
    if column == "status":
        found = [status for status in STATUSES if any(card.status == status for card in rows)]
        return found if direction == "asc" else found[::-1]
    values = dict.fromkeys(SHOWN[column](card) for card in ordered(rows, [(column, direction)]))
    return sorted(values, key=lambda value: value in ("", None))


def grouped(rows: Iterable[Card], column: str) -> dict[Any, list[Card]]:
    groups: dict[Any, list[Card]] = defaultdict(list)
    for card in rows:
        groups[SHOWN[column](card)].append(card)
    return dict(groups)


def values_of(rows: Sequence[Card]) -> dict[str, Any]:
    """``channels: avg`` and ``debit_limit: sum``, as the API spells them."""
    channels = [card.channels for card in rows if card.channels is not None]
    average = Decimal(sum(channels)) / len(channels) if channels else None
    sums: dict[str, int] = defaultdict(int)
    for card in rows:
        sums[card.currency] += card.debit_limit
    return {
        "channels": None if average is None else float(round(average, 6)),
        "debit_limit": {
            currency: plain_amount(micros, currency) for currency, micros in sorted(sums.items())
        },
    }
