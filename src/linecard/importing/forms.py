"""How a file is read, as the mapping page asks for it: a form for the file, and a line for each field of the target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from linecard.fields import BooleanField, ChoiceField, CountryField, CurrencyField, Field
from linecard.fields.places import countries, currencies
from linecard.importing.models import Upload
from linecard.importing.plan import DECIMALS, DELIMITERS, ENCODINGS, THOUSANDS
from linecard.importing.target import Target
from linecard.importing.words import Empty, Mode
from linecard.kernel.errors import Invalid

# What the select of a field says when one value is given for the whole file.
WHOLE_FILE = "value"

_MAX_DIGITS = 9

Choices = Sequence[tuple[str, str]]


def _choice(label: str, choices: Mapping[str, str] | Choices, **options: Any) -> forms.ChoiceField:
    pairs = list(choices.items()) if isinstance(choices, Mapping) else list(choices)
    translated = [(value, gettext_lazy(name)) for value, name in pairs]
    return forms.ChoiceField(label=gettext_lazy(label), choices=translated, required=False, **options)


class PlanForm(forms.Form):
    """Everything of a plan but the columns. What was sent is kept as it is; the action judges it."""

    mode = _choice(gettext_noop("New and known rows"), Mode.choices)
    key = _choice(gettext_noop("Known by"), ())
    empty = _choice(gettext_noop("An empty cell"), Empty.choices)
    start_row = forms.CharField(label=gettext_lazy("Start row"), required=False, max_length=_MAX_DIGITS)
    sheet = _choice(gettext_noop("Sheet"), ())
    encoding = _choice(gettext_noop("Encoding"), ENCODINGS)
    delimiter = _choice(gettext_noop("Columns end with"), DELIMITERS)
    decimal = _choice(gettext_noop("Decimal sign"), DECIMALS)
    thousands = _choice(gettext_noop("Thousands sign"), THOUSANDS)

    def __init__(
        self, upload: Upload, target: Target, data: QueryDict | None = None, *, plan: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={name: plan[name] for name in self.base_fields if name in plan})
        self._offer("key", [(name, gettext(target.fields[name].label)) for name in target.keys])
        self._offer("sheet", [(name, name) for name in upload.sniffed.get("sheets", [])])
        without = ("encoding", "delimiter") if upload.sniffed.get("sheets") else ("sheet",)
        for name in without:
            del self.fields[name]

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def refuse(self, refusal: Invalid) -> None:
        """Show each error at its control; those of columns and values stand at their fields."""
        for error in refusal.errors:
            if error.field in self.fields and not self.has_error(error.field):
                self.add_error(error.field, error.message)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of the target: which column it has (``chosen``: a number, ``value`` or nothing), or which value."""

    name: str
    label: str
    is_required: bool
    is_key: bool
    chosen: str
    value: str
    choices: Choices
    error: str


def field_lines(target: Target, plan: Mapping[str, Any], refusal: Invalid | None = None) -> list[FieldLine]:
    """A line for each field, the required ones first."""
    columns = {name: str(column) for column, name in plan.get("mapping", {}).items()}
    constants = plan.get("constants", {})
    errors = _errors_by_field(plan, refusal)
    ordered = sorted(target.fields.values(), key=lambda field: field.name not in target.required)
    return [
        FieldLine(
            name=field.name,
            label=gettext(field.label),
            is_required=field.name in target.required,
            is_key=field.name in target.keys,
            chosen=columns.get(field.name) or (WHOLE_FILE if field.name in constants else ""),
            value=constants.get(field.name, ""),
            choices=suggestions(field),
            error=errors.get(field.name, ""),
        )
        for field in ordered
    ]


def read_choices(data: QueryDict, target: Target) -> dict[str, Any]:
    """What the mapping page has sent, as a plan is spelled; what it did not send is left out."""
    chosen = {name: data.get(f"column_{name}", "") for name in target.fields}
    start = data.get("start_row", "").strip()
    is_number = start.isascii() and start.isdigit() and len(start) <= _MAX_DIGITS
    sent = {name: data[name] for name in PlanForm.base_fields if name in data}
    return {
        **sent,
        "start_row": int(start) if is_number else start,
        "mapping": {column: name for name, column in chosen.items() if column not in ("", WHOLE_FILE)},
        "constants": {
            name: data.get(f"value_{name}", "") for name, choice in chosen.items() if choice == WHOLE_FILE
        },
    }


@singledispatch
def suggestions(field: Field) -> Choices:
    """Values to choose from when one is given for the whole file; others may be typed all the same."""
    return ()


@suggestions.register
def _(field: ChoiceField) -> Choices:
    return [(value, gettext(label)) for value, label in field.choices.items()]


@suggestions.register
def _(field: BooleanField) -> Choices:
    return [("yes", ""), ("no", "")]


@suggestions.register
def _(field: CurrencyField) -> Choices:
    return list(currencies().items())


@suggestions.register
def _(field: CountryField) -> Choices:
    return list(countries().items())


def _errors_by_field(plan: Mapping[str, Any], refusal: Invalid | None) -> dict[str, str]:
    """Errors of ``mapping.3``, ``constants.tax`` or ``tax`` alike belong to the line of the field."""
    errors: dict[str, str] = {}
    for error in refusal.errors if refusal else ():
        part, _, name = error.field.partition(".")
        if part == "mapping":
            name = plan.get("mapping", {}).get(name, name)
        errors.setdefault(name or part, error.message)
    return errors
