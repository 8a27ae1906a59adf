"""How an upload's file is to be read: chosen by a person, checked once, then followed to the letter."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_noop

from linecard.fields import Field
from linecard.importing.reading.cells import unreadable
from linecard.importing.words import Empty, Mode
from linecard.kernel.errors import FieldError, Invalid
from linecard.kernel.regional import shown_number

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": gettext_noop("UTF-16, big end first"),
    "windows-1252": gettext_noop("Windows-1252 (Western)"),
    "latin-1": gettext_noop("Latin-1 (ISO 8859-1)"),
}
DELIMITERS = {
    ",": gettext_noop("Comma"),
    ";": gettext_noop("Semicolon"),
    "\t": gettext_noop("Tab"),
    "|": gettext_noop("Vertical bar"),
}
DECIMALS = {".": gettext_noop("Point: 1250.00"), ",": gettext_noop("Comma: 1250,00")}
THOUSANDS = {
    "": gettext_noop("None"),
    ",": gettext_noop("Comma"),
    ".": gettext_noop("Point"),
    " ": gettext_noop("Space"),
    "'": gettext_noop("Apostrophe"),
}

MAX_START_ROW = 1000
MAX_CONSTANT = 1000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What each column is, where the rows begin and how their text is spelled.

    ``mapping`` is the field of each mapped column, counted from 1; ``constants`` is text for fields without a column.
    ``sheet`` names the sheet of a workbook. ``key`` is the field by which ``upsert`` finds records.
    """

    start_row: int
    mapping: Mapping[int, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    decimal: str = "."
    thousands: str = ""
    mode: str = Mode.CREATE.value
    key: str = ""
    empty: str = Empty.KEEP.value

    def as_json(self) -> dict[str, Any]:
        """The plan as it is stored and answered."""
        return {**asdict(self), "mapping": {str(column): name for column, name in self.mapping.items()}}

    @property
    def columns(self) -> dict[str, int]:
        """The column of each mapped field."""
        return {name: column for column, name in self.mapping.items()}


def stored_plan(values: Mapping[str, Any]) -> Plan:
    """A plan that was stored by ``as_json``."""
    return Plan(**{**values, "mapping": {int(column): name for column, name in values["mapping"].items()}})


def read_plan(
    given: Mapping[str, Any],
    *,
    proposed: Mapping[str, Any],
    fields: Mapping[str, Field],
    required: tuple[str, ...],
    keys: tuple[str, ...],
    columns: int,
) -> Plan:
    """The plan that somebody asks for; what is left out is as ``proposed``.

    Raises ``Invalid`` with every error there is, named as in the API: ``mapping.3``, ``constants.currency``.
    """
    values = {**proposed, **{name: value for name, value in given.items() if value is not None}}
    errors: list[FieldError] = []
    mapping = _read_mapping(values.get("mapping") or {}, fields, columns, errors)
    constants = _read_constants(values.get("constants") or {}, fields, mapping, errors)
    _require_choices(values, keys, errors)
    if not isinstance(values.get("start_row"), int) or not 1 <= values["start_row"] <= MAX_START_ROW:
        errors.append(
            FieldError(
                "start_row",
                gettext("Must be a row from 1 to {most}.").format(most=shown_number(MAX_START_ROW)),
            )
        )
    known = {*mapping.values(), *constants}
    mode, key = values.get("mode") or Mode.CREATE, values.get("key") or keys[0]
    needed = required if mode == Mode.CREATE else (key,)
    errors += [
        FieldError(
            name,
            gettext("{label} must be mapped to a column, or given for the whole file.").format(
                label=gettext(fields[name].label)
            ),
        )
        for name in needed
        if name in fields and name not in known
    ]
    if mode == Mode.UPSERT and key in constants:
        errors.append(
            FieldError(f"constants.{key}", gettext("What finds the record must have a column of its own."))
        )
    if errors:
        raise Invalid(errors)
    spelled = {name: values[name] for name in _CHOICES if name in values}
    return Plan(
        start_row=values["start_row"],
        mapping=mapping,
        constants=constants,
        sheet=str(values.get("sheet") or ""),
        key=key if mode == Mode.UPSERT else "",
        **spelled,
    )


_CHOICES: dict[str, tuple[str, ...]] = {
    "encoding": tuple(ENCODINGS),
    "delimiter": tuple(DELIMITERS),
    "decimal": tuple(DECIMALS),
    "thousands": tuple(THOUSANDS),
    "mode": tuple(Mode.values),
    "empty": tuple(Empty.values),
}


def _require_choices(values: Mapping[str, Any], keys: tuple[str, ...], errors: list[FieldError]) -> None:
    for name, choices in _CHOICES.items():
        if name in values and values[name] not in choices:
            offered = ", ".join(repr(choice) for choice in choices)
            errors.append(FieldError(name, gettext("Must be one of {offered}.").format(offered=offered)))
    if values.get("key") and values["key"] not in keys:
        errors.append(FieldError("key", gettext("Must be one of {names}.").format(names=", ".join(keys))))
    if values.get("thousands") and values.get("thousands") == values.get("decimal"):
        errors.append(FieldError("thousands", gettext("Must differ from the decimal sign.")))


# as a number is written: two spellings of one column would hide one of its fields
_COLUMN = re.compile("[1-9][0-9]{0,3}")


def _read_mapping(
    given: Mapping[Any, Any], fields: Mapping[str, Field], columns: int, errors: list[FieldError]
) -> dict[int, str]:
    mapping: dict[int, str] = {}
    taken: dict[str, int] = {}
    for written, name in sorted(given.items(), key=lambda item: (len(str(item[0])), str(item[0]))):
        where = f"mapping.{str(written)[:20]}"
        if _COLUMN.fullmatch(str(written)) is None or int(str(written)) > columns:
            errors.append(
                FieldError(
                    where, gettext("The file has columns 1 to {column}.").format(column=shown_number(columns))
                )
            )
        elif not isinstance(name, str) or name not in fields:
            errors.append(
                FieldError(where, gettext("There is no field {field!r}.").format(field=str(name)[:60]))
            )
        elif name in taken:
            message = gettext("{label} is mapped to column {column} already.").format(
                label=gettext(fields[name].label), column=taken[name]
            )
            errors.append(FieldError(where, message))
        else:
            taken[name] = int(str(written))
            mapping[taken[name]] = name
    return mapping


def _read_constants(
    given: Mapping[str, Any],
    fields: Mapping[str, Field],
    mapping: Mapping[int, str],
    errors: list[FieldError],
) -> dict[str, str]:
    constants: dict[str, str] = {}
    columns = {name: column for column, name in mapping.items()}
    for name, value in given.items():
        where = f"constants.{name[:60]}"
        text = value if isinstance(value, str) or name not in fields else fields[name].to_text(value)
        if name not in fields:
            errors.append(FieldError(where, gettext("There is no such field.")))
        elif name in columns:
            message = gettext("{label} has column {column}; take the column or the value, not both.").format(
                label=gettext(fields[name].label), column=columns[name]
            )
            errors.append(FieldError(where, message))
        elif reason := unreadable(text):
            errors.append(FieldError(where, gettext("The value {reason}.").format(reason=reason)))
        elif len(text) > MAX_CONSTANT:
            errors.append(
                FieldError(
                    where, gettext("At most {most} characters.").format(most=shown_number(MAX_CONSTANT))
                )
            )
        elif text.strip():
            constants[name] = text
    return constants
