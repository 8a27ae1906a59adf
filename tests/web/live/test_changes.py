"""What is told of changed rows, before anybody is told."""

import pytest

from linecard.web.live import MOST_IDS, Change
from linecard.web.live.changes import Gathered


def change(*ids: int, grid: str = "cards", reseller: int | None = None) -> Change:
    return Change(grid, reseller, frozenset(ids) if ids else None)


def test_a_message_of_the_channel_is_a_change() -> None:
    assert Change.read('{"grid": "cards", "reseller": 7, "ids": [3, 1]}') == change(1, 3, reseller=7)
    assert Change.read('{"grid": "cards", "reseller": null, "ids": null}') == change()


@pytest.mark.parametrize("message", ["", "rubbish", "[]", "7", "{}", '{"grid": "cards", "ids": ["x"]}'])
def test_anything_else_is_none(message: str) -> None:
    with pytest.raises(ValueError, match=r"not a change|Expecting|invalid literal"):
        Change.read(message)


def test_changes_of_the_same_rows_are_told_once() -> None:
    gathered = Gathered()
    for one in (change(1, 2), change(2, 3), change(4, reseller=7), change(5, grid="users")):
        gathered.add(one)
    assert gathered.take() == [change(1, 2, 3), change(4, reseller=7), change(5, grid="users")]
    assert gathered.take() == []


def test_many_and_some_are_many() -> None:
    gathered = Gathered()
    for one in (change(1), change(), change(2)):
        gathered.add(one)
    assert gathered.take() == [change()]


def test_what_a_slow_page_has_not_read_stays_small() -> None:
    gathered = Gathered()
    for number in range(MOST_IDS):
        gathered.add(change(number + 1))
    assert gathered.take() == [change(*range(1, MOST_IDS + 1))]
    for number in range(MOST_IDS + 1):
        gathered.add(change(number + 1))
    assert gathered.take() == [change()]
