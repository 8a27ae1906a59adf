"""Countries (ISO 3166), currencies (ISO 4217) and time zones (IANA)."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import pycountry
from babel import Locale
from django.utils.translation import gettext
from pydantic import Field as SchemaField
from pydantic import StrictStr

from linecard.fields.base import NOWHERE, Context, Field, JSONValue, Refused
from linecard.fields.choices import TagsField
from linecard.fields.text import TextField

# Kosovo's code is user-assigned in ISO 3166, but carriers and number plans use it.
_ADDED_COUNTRIES = ("XK",)

# Codes of ISO 4217 that nobody is billed in: metals, units of account, test and "no currency".
_NOT_BILLABLE = frozenset("XAD XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split())

# Left ISO 4217 recently; cards from before are still billed and uploaded in them.
_RECENT_CURRENCIES = ("BGN",)


@cache
def countries() -> dict[str, str]:
    """English names by ISO 3166 alpha-2 code, in the order of the names."""
    names = Locale("en").territories
    codes = [country.alpha_2 for country in pycountry.countries] + list(_ADDED_COUNTRIES)
    return dict(sorted(((code, names.get(code, code)) for code in codes), key=lambda item: item[1]))


@cache
def currencies() -> dict[str, str]:
    """English names by ISO 4217 code, in the order of the codes."""
    names = Locale("en").currencies
    codes = {currency.alpha_3 for currency in pycountry.currencies} - _NOT_BILLABLE
    return {code: names.get(code, code) for code in sorted(codes.union(_RECENT_CURRENCIES))}


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.casefold(): code for code, name in countries().items()}


def country_name(code: str) -> str:
    """The country's English name; the code itself when it is not known."""
    return countries().get(code, code)


def currency_name(code: str) -> str:
    """The currency's English name; the code itself when it is not known."""
    return currencies().get(code, code)


@dataclass(frozen=True, kw_only=True)
class CountryField(Field):
    """A country by its two-letter code; empty when not known."""

    default: JSONValue = ""

    def from_text(self, text: str) -> JSONValue:
        """The code, also for a country's English name."""
        word = text.strip()
        return word.upper() if len(word) <= 2 else _codes_by_name().get(word.casefold(), word.upper())

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if not isinstance(value, str):
            raise Refused(gettext("Must be text."))
        if value and value not in countries():
            raise Refused(
                gettext("{value!r} is not a country code of ISO 3166, such as GB.").format(value=value[:20])
            )
        return value

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        return country_name(value or "")

    @property
    def json_type(self) -> Any:
        return Annotated[StrictStr, SchemaField(description=self.help or None, examples=["GB"])]


@dataclass(frozen=True, kw_only=True)
class CurrencyField(Field):
    """A currency by its three-letter code."""

    def from_text(self, text: str) -> JSONValue:
        return text.strip().upper()

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if not isinstance(value, str):
            raise Refused(gettext("Must be text."))
        if not value:
            raise Refused(gettext("Choose a currency."))
        if value not in currencies():
            raise Refused(
                gettext("{value!r} is not a currency of ISO 4217, such as EUR.").format(value=value[:20])
            )
        return value

    @property
    def json_type(self) -> Any:
        return Annotated[StrictStr, SchemaField(description=self.help or None, examples=["EUR"])]


@dataclass(frozen=True, kw_only=True)
class CurrenciesField(TagsField):
    """Several currencies by their codes, in the order of the codes."""

    max_tags: int = 200
    max_length: int = 3

    def from_text(self, text: str) -> JSONValue:
        return [part.strip().upper() for part in text.split(",") if part.strip()]

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> list[str]:
        codes = super().clean(value, context)
        if unknown := [code for code in codes if code not in currencies()]:
            raise Refused(
                gettext("{names}: not currencies of ISO 4217, such as EUR.").format(names=", ".join(unknown))
            )
        return sorted(codes)


@cache
def known_time_zones() -> frozenset[str]:
    """The time zones that this machine knows. Looking for them opens hundreds of files, so it is done once."""
    return frozenset(available_timezones())


@dataclass(frozen=True, kw_only=True)
class TimeZoneField(TextField):
    """A time zone of the IANA database, such as ``Europe/London``."""

    max_length: int = 64
    default: JSONValue = "UTC"

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if text not in known_time_zones():
            raise Refused(gettext("Choose a time zone such as Europe/London."))
        ZoneInfo(text)
        return text
