"""Typed field values: one rule per kind of value, used by form, API, upload and history alike.

A value has three spellings: *text* (what a person types, or a cell of a file), *JSON* (what the API and the history
hold) and *stored* (the model's attribute). A ``Field`` turns one into the next and refuses what is wrong with a
sentence for the person who typed it.
"""

from linecard.fields.base import Context, Field, JSONValue, Refused, clean_values
from linecard.fields.choices import BooleanField, ChoiceField, ReferenceField, SectionsField, TagsField
from linecard.fields.contact import EmailField, PhoneField, WebsiteField
from linecard.fields.numbers import IntegerField, MoneyField, PercentField
from linecard.fields.places import (
    CountryField,
    CurrenciesField,
    CurrencyField,
    TimeZoneField,
    country_name,
    currency_name,
)
from linecard.fields.text import TextField, TomlField

__all__ = [
    "BooleanField",
    "ChoiceField",
    "Context",
    "CountryField",
    "CurrenciesField",
    "CurrencyField",
    "EmailField",
    "Field",
    "IntegerField",
    "JSONValue",
    "MoneyField",
    "PercentField",
    "PhoneField",
    "ReferenceField",
    "Refused",
    "SectionsField",
    "TagsField",
    "TextField",
    "TimeZoneField",
    "TomlField",
    "WebsiteField",
    "clean_values",
    "country_name",
    "currency_name",
]
