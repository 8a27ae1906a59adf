"""Money: exact both ways."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.kernel.money import (
    MAX_UNITS,
    currency_digits,
    from_micros,
    parse_amount,
    plain_amount,
    to_micros,
)

amounts = st.decimals(-MAX_UNITS, MAX_UNITS, places=6)
micros = st.integers(-(10**18), 10**18)
currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "XOF"])


@given(amounts)
def test_an_amount_survives_the_database(amount: Decimal) -> None:
    assert from_micros(to_micros(amount)) == amount


@given(micros, currencies)
def test_the_plain_spelling_reads_back_exactly(value: int, currency: str) -> None:
    text = plain_amount(value, currency)
    assert to_micros(parse_amount(text)) == value
    whole, _, fraction = text.partition(".")
    assert whole != "-0" or set(fraction) != {"0"}
    assert len(fraction) >= currency_digits(currency)


@given(st.text())
def test_reading_accepts_plain_decimals_only(text: str) -> None:
    try:
        amount = parse_amount(text)
    except ValueError:
        return
    assert set(text) <= set("+-.0123456789")
    assert amount == Decimal(text)


@pytest.mark.parametrize(
    "text", ["", "-", ".5", "5.", "1e3", "NaN", "Infinity", "1,5", " 1", "١", "--1", "+-1", "0x1"]
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal amount"):
        parse_amount(text)


def test_more_than_six_decimals_are_refused() -> None:
    with pytest.raises(ValueError, match="six decimals"):
        to_micros(Decimal("0.0000001"))
