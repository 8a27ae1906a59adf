"""Money: ``Decimal`` at the edges, integer micro-units (10⁻⁶ of the currency) inside. Never a float."""

from decimal import Decimal, InvalidOperation

MICROS_PER_UNIT = 1_000_000

# The most that any single amount may be, in whole units of any currency: 10¹² units are 10¹⁸ micro-units,
# which fits a signed 64-bit integer nine times over.
MAX_UNITS = 1_000_000_000_000

DEFAULT_DIGITS = 2

# ISO 4217 minor units, where they are not two.
_DIGITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def currency_digits(currency: str) -> int:
    """How many decimals amounts in this currency are written with (ISO 4217 minor units)."""
    return _DIGITS.get(currency, DEFAULT_DIGITS)


def parse_amount(text: str) -> Decimal:
    """Read a plain decimal such as ``-5.00``. Raises ``ValueError`` for anything else.

    Exponents, ``NaN``, ``Infinity``, thousands separators and non-ASCII digits are refused: an amount has one
    spelling.
    """
    unsigned = text[1:] if text[:1] in ("-", "+") else text
    whole, dot, fraction = unsigned.partition(".")
    if (
        not whole.isascii()
        or not whole.isdigit()
        or (dot and not (fraction.isascii() and fraction.isdigit()))
    ):
        raise ValueError(f"not a decimal amount: {text[:40]!r}")
    try:
        return Decimal(text)
    except InvalidOperation as error:  # beyond the decimal context's range
        raise ValueError(f"not a decimal amount: {text[:40]!r}") from error


def to_micros(amount: Decimal) -> int:
    """Exact micro-units of an amount. Raises ``ValueError`` when it has more than six decimals."""
    micros = amount * MICROS_PER_UNIT
    if micros != micros.to_integral_value():
        raise ValueError(f"more than six decimals: {amount}")
    return int(micros)


def from_micros(micros: int) -> Decimal:
    """The amount, with six decimals."""
    return Decimal(micros).scaleb(-6)


def plain_amount(micros: int, currency: str) -> str:
    """The API's spelling: the currency's own digits, more only where the amount has more (``-5.00``)."""
    units, rest = divmod(abs(micros), MICROS_PER_UNIT)
    fraction = f"{rest:06d}"
    digits = max(currency_digits(currency), len(fraction.rstrip("0")))
    sign = "-" if micros < 0 else ""
    return f"{sign}{units}.{fraction[:digits]}" if digits else f"{sign}{units}"
