"""Numbers as people read them: every format says the same number, and plain text stays as it is."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.kernel import regional
from linecard.kernel.regional import (
    NUMBER_FORMATS,
    Regional,
    regional_kept,
    shown_decimal,
    shown_number,
    take_regional_from,
    typed_number,
)

AMOUNTS = st.decimals(min_value=-(10**13), max_value=10**13, places=6, allow_nan=False)


@pytest.fixture(autouse=True)
def sources() -> Iterator[None]:
    before = list(regional._sources)
    yield
    regional._sources[:] = before


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("comma_point", "-1,234,567.50"),
        ("point_comma", "-1.234.567,50"),
        ("space_comma", "-1\u202f234\u202f567,50"),
        ("apostrophe_point", "-1\u2019234\u2019567.50"),
    ],
)
def test_an_amount_is_written_as_set(key: str, shown: str) -> None:
    take_regional_from(lambda: Regional(NUMBER_FORMATS[key]))
    with regional_kept():
        assert shown_decimal("-1234567.50") == shown


@given(amount=AMOUNTS, key=st.sampled_from(sorted(NUMBER_FORMATS)))
def test_no_digit_is_lost(amount: Decimal, key: str) -> None:
    written = NUMBER_FORMATS[key]
    take_regional_from(lambda: Regional(written))
    with regional_kept():
        shown = shown_decimal(f"{amount:f}")
    assert Decimal(shown.replace(written.thousands, "").replace(written.point, ".")) == amount
    assert typed_number(shown).isascii()


@pytest.mark.parametrize("text", ["", "No limit", "1e5", "1.2.3", "1,5", "."])
def test_what_is_no_plain_decimal_stays(text: str) -> None:
    assert shown_decimal(text) == text


def test_it_is_read_once_for_a_piece_of_work_and_anew_for_the_next() -> None:
    asked = []

    def source() -> Regional:
        asked.append(1)
        return Regional(NUMBER_FORMATS["point_comma"])

    take_regional_from(source)
    assert shown_number(1000) == "1,000"  # nothing is read where nobody keeps it
    for times in (1, 2):
        with regional_kept():
            assert [shown_number(1000), shown_number(2000)] == ["1.000", "2.000"]
        assert len(asked) == times
