"""Whatever is asked within the schema is answered or refused with ``Invalid``, never with anything else."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linecard.customers.models import Customer
from linecard.kernel.errors import Invalid
from linecard.web.grid import GridQuery
from linecard.web.grid.kinds import KINDS
from tests.web.grid.sample import COLUMNS, GRID, STATUSES, Card, store

pytestmark = pytest.mark.django_db

CAST = [Card(name="Ada", channels=3, tags=("a",), reseller="North"), Card(name="Bo", currency="USD")]

names = st.sampled_from([*(column.name for column in COLUMNS), "nothing"])
operators = st.sampled_from(sorted({operator for kind in KINDS.values() for operator in kind.operators}))
functions = st.sampled_from(["sum", "avg", "min", "max", "count"])
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        ["5.00", "-1", "0.0000001", "9" * 19, "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
    ),
    st.sampled_from(STATUSES),
)
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=2), scalars, max_size=1)
queries = st.fixed_dictionaries(
    {},
    optional={
        "filter": st.dictionaries(
            names, st.fixed_dictionaries({"op": operators, "value": values}), max_size=3
        ),
        "search": st.text(max_size=5),
        "sort": st.lists(
            st.fixed_dictionaries({"column": names, "direction": st.sampled_from(["asc", "desc"])}),
            max_size=3,
        ),
        "offset": st.integers(0, 1_000_000_000),
        "limit": st.integers(1, 1000),
        "columns": st.none() | st.lists(names, max_size=4),
        "group_by": st.lists(names, max_size=3),
        "group_path": st.lists(
            st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=3), max_size=2
        ),
        "values": st.dictionaries(names, functions, max_size=3),
        "pivot": st.none() | names,
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries)
def test_every_query_is_answered_or_refused(query: dict[str, object]) -> None:
    if not Customer.objects.exists():
        store(CAST)
    with contextlib.suppress(Invalid):
        answer = GRID.run(Customer.objects.all(), GridQuery.model_validate(query))
        assert len(answer["rows"]) <= answer["total"]
        assert answer["totals"]["count"] <= len(CAST)
