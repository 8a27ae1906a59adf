"""A query about some rows alone: what a page asks when it hears that they changed."""

import pytest
from pydantic import ValidationError

from linecard.customers.models import Customer
from linecard.web.grid import GridQuery
from tests.web.grid.sample import Card, ask, names, store, term

pytestmark = pytest.mark.django_db


def ids_of(*cards: str) -> list[int]:
    return list(Customer.objects.filter(name__in=cards).values_list("pk", flat=True))


@pytest.fixture
def three(db: None) -> None:
    store([Card(name=name, channels=number) for number, name in enumerate(("Ash", "Birch", "Cedar"))])


def test_only_the_rows_named_are_answered(three: None) -> None:
    answer = ask(ids=ids_of("Cedar", "Ash"), columns=["name"])
    assert (names(answer), answer["total"]) == (["Ash", "Cedar"], 2)


def test_of_those_only_what_matches(three: None) -> None:
    answer = ask(ids=ids_of("Cedar", "Ash"), filter={"channels": term("gte", 1)}, columns=["name"])
    assert (names(answer), answer["total"]) == (["Cedar"], 1)
    assert ask(ids=ids_of("Ash", "Birch"), search="bir")["total"] == 1


def test_no_rows_named_are_no_rows(three: None) -> None:
    assert ask(ids=[])["total"] == 0
    assert ask()["total"] == 3


def test_their_totals_are_theirs(three: None) -> None:
    answer = ask(ids=ids_of("Birch", "Cedar"), values={"channels": "sum"})
    assert answer["totals"] == {"count": 2, "values": {"channels": 3}}


@pytest.mark.parametrize("ids", [["1"], [1.5], [0], [2**63], list(range(1, 1002))])
def test_what_is_no_list_of_ids_is_refused(ids: list[object]) -> None:
    with pytest.raises(ValidationError):
        GridQuery.model_validate({"ids": ids})
