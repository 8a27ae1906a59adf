"""Values between text, JSON and the database."""

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.customers.fields import CARD_FIELDS, CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS
from linecard.fields import Context, Field, IntegerField, MoneyField, PhoneField, Refused, TomlField
from linecard.kernel.money import currency_digits

ALL_FIELDS = [*CARD_FIELDS.values(), *CONTACT_FIELDS.values(), *NOTE_FIELDS.values(), *CLI_FIELDS.values()]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(ALL_FIELDS), json_values)
def test_whatever_is_given_is_cleaned_or_refused_in_words(field: Field, value: Any) -> None:
    context = Context(currency="EUR", country="GB")
    try:
        stored = field.clean(value, context)
    except Refused:
        return
    # what was accepted is stable: it reads back as itself
    assert field.clean(field.to_json(stored, context), context) == stored


@given(st.sampled_from(ALL_FIELDS), st.text())
def test_typed_text_never_breaks_a_field(field: Field, text: str) -> None:
    with contextlib.suppress(Refused):
        field.clean(field.from_text(text), Context(currency="EUR"))


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from(["JPY", "EUR", "KWD", "CLF"]))
def test_money_with_more_decimals_than_its_currency_is_refused(amount: Decimal, currency: str) -> None:
    field = MoneyField(name="amount", label="Amount")
    exact = amount == round(amount, currency_digits(currency))
    try:
        stored = field.clean(f"{amount:f}", Context(currency=currency))
    except Refused:
        assert not exact
    else:
        assert exact
        assert stored == int(amount * 1_000_000)


@pytest.mark.parametrize("text", ["1e3", "4.47912E+11", "1.0", "0x10", "１２", "1 000", "9" * 30])
def test_other_spellings_of_whole_numbers_are_refused(text: str) -> None:
    with pytest.raises(Refused, match="whole number"):
        IntegerField(name="n", label="N", minimum=0, maximum=10**9).from_text(text)


def test_empty_means_no_limit_only_where_that_is_said() -> None:
    assert IntegerField(name="n", label="N", minimum=0, maximum=9, empty="No limit").clean(None) is None
    with pytest.raises(Refused):
        IntegerField(name="n", label="N", minimum=0, maximum=9).clean(None)


@pytest.mark.parametrize(
    ("text", "country", "stored"),
    [
        ("020 7946 0000", "GB", "+442079460000"),
        ("+44 (0)20 7946 0000", "", "+442079460000"),
        ("(212) 555-0123", "US", "+12125550123"),
    ],
)
def test_phone_numbers(text: str, country: str, stored: str) -> None:
    assert PhoneField(name="phone", label="Phone").clean(text, Context(country=country)) == stored


@pytest.mark.parametrize("text", ["020 7946 0000", "12", "+", "+999 123", "x"])
def test_a_number_of_nowhere_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        PhoneField(name="phone", label="Phone").clean(text)


def test_toml_is_kept_as_typed() -> None:
    text = '\n# limits\n[route]\n  prefer = "A"  # first\n'
    assert TomlField(name="vars", label="Vars", max_length=1000).clean(text) == text
