"""Integers, percentages and money."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext
from pydantic import Field as SchemaField
from pydantic import StrictFloat, StrictInt, StrictStr

from linecard.fields.base import NOWHERE, Context, Field, JSONValue, Refused
from linecard.kernel.money import MAX_UNITS, currency_digits, parse_amount, plain_amount, to_micros
from linecard.kernel.regional import shown_decimal, shown_number

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class IntegerField(Field):
    """A whole number within bounds. Where ``empty`` is given, no number is allowed and means that."""

    minimum: int
    maximum: int
    empty: str = ""
    numeric: ClassVar[bool] = True

    def from_text(self, text: str) -> JSONValue:
        text = text.strip()
        if not text:
            return None
        if not _INTEGER.fullmatch(text):
            raise Refused(gettext("Write a whole number, for example 30."))
        return int(text)

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> int | None:
        if value is None and self.empty:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(gettext("Must be a whole number."))
        if not self.minimum <= value <= self.maximum:
            raise Refused(
                gettext("Must be from {minimum} to {maximum}.").format(
                    minimum=shown_number(self.minimum), maximum=shown_number(self.maximum)
                )
            )
        return value

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        return gettext(self.empty) if value is None else shown_number(value)

    @property
    def json_type(self) -> Any:
        limits = SchemaField(
            description=self.help or None,
            json_schema_extra={"minimum": self.minimum, "maximum": self.maximum},
        )
        # the limits stand on the integer alone, so that null stays valid
        return Annotated[StrictInt, limits] | None if self.empty else Annotated[StrictInt, limits]


@dataclass(frozen=True, kw_only=True)
class PercentField(Field):
    """A percentage from 0 to 100 with up to three decimals, stored as a decimal."""

    default: JSONValue = "0"
    numeric: ClassVar[bool] = True

    def from_text(self, text: str) -> JSONValue:
        return text.strip().removesuffix("%").strip() or "0"

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise Refused(gettext("Must be a percentage, for example 7.7."))
        try:
            percent = parse_amount(str(value))
        except ValueError as error:
            raise Refused(gettext("Write a percentage, for example 20 or 7.7.")) from error
        if not 0 <= percent <= 100:
            raise Refused(gettext("Must be from 0 to 100 %."))
        if percent != round(percent, 3):
            raise Refused(gettext("At most three decimals."))
        return percent

    def to_json(self, stored: Any, context: Context = NOWHERE) -> JSONValue:
        return f"{stored:.3f}".rstrip("0").rstrip(".")

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        return "" if value is None else f"{shown_decimal(str(value))} %"

    @property
    def json_type(self) -> Any:
        return Annotated[StrictStr | StrictInt | StrictFloat, SchemaField(description=self.help or None)]

    @property
    def json_answer_type(self) -> Any:
        return Annotated[StrictStr, SchemaField(description=self.help or None, examples=["7.7"])]


@dataclass(frozen=True, kw_only=True)
class MoneyField(Field):
    """An amount in the record's currency; stored in micro-units, with no more decimals than the currency has."""

    minimum: Decimal = Decimal(-MAX_UNITS)
    default: JSONValue = "0"
    numeric: ClassVar[bool] = True
    contextual: ClassVar[bool] = True

    @property
    def attribute(self) -> str:
        return f"{self.name}_micros"

    def from_text(self, text: str) -> JSONValue:
        return text.strip() or "0"

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> int:
        if not isinstance(value, str):
            raise Refused(gettext('Write the amount as a decimal string, for example "5.00".'))
        try:
            amount = parse_amount(value)
        except ValueError as error:
            raise Refused(
                gettext(
                    "Write a plain amount such as 1250.00, with a point and without thousands separators."
                )
            ) from error
        if not self.minimum <= amount <= MAX_UNITS:
            raise Refused(
                gettext("Must be from {minimum} to {max_units}.").format(
                    minimum=shown_decimal(f"{self.minimum:f}"), max_units=shown_number(MAX_UNITS)
                )
            )
        digits = currency_digits(context.currency)
        if amount != round(amount, digits):
            raise Refused(
                gettext("{value} has {value_2} decimals.").format(
                    value=context.currency or "The currency", value_2=digits or "no"
                )
            )
        return to_micros(amount)

    def to_json(self, stored: Any, context: Context = NOWHERE) -> JSONValue:
        return plain_amount(stored, context.currency)

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        return "" if value is None else f"{shown_decimal(str(value))} {context.currency}".strip()

    @property
    def json_type(self) -> Any:
        return Annotated[
            StrictStr,
            SchemaField(
                description=self.help or None,
                examples=["5.00"],
                json_schema_extra={"pattern": r"^[+-]?[0-9]{1,13}(\.[0-9]{1,6})?$"},
            ),
        ]
