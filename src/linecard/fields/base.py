"""What every kind of field can do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext

from linecard.kernel.errors import FieldError

JSONValue = Any  # str | int | bool | None | list | dict, as the json module gives it


class Refused(ValueError):
    """The value is not acceptable; the message is a sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of a value may depend on: the card's currency and its country (for phone numbers)."""

    currency: str = ""
    country: str = ""


NOWHERE = Context()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a record: its name in the API, its label on screens, and its rules."""

    name: str
    label: str
    help: str = ""
    required: bool = False
    default: JSONValue = None
    immutable: bool = False

    # whether its text is a number, which files may write with other signs
    numeric: ClassVar[bool] = False
    # whether what a value means depends on the record around it
    contextual: ClassVar[bool] = False

    @property
    def attribute(self) -> str:
        """The model's attribute that stores the value."""
        return self.name

    def from_text(self, text: str) -> JSONValue:
        """The JSON value that typed text stands for. Raises ``Refused``."""
        return text

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> Any:
        """The stored value of a JSON value. Raises ``Refused`` when it breaks a rule of this field."""
        raise NotImplementedError

    def to_json(self, stored: Any, context: Context = NOWHERE) -> JSONValue:
        """The JSON spelling of a stored value."""
        return stored

    def to_text(self, value: JSONValue) -> str:
        """What a form shows for a JSON value; ``from_text`` reads it back."""
        return "" if value is None else str(value)

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        """A JSON value for people to read, for example in the history."""
        return self.to_text(value)

    @property
    def json_type(self) -> Any:
        """The type annotation of the JSON value that may be given, for API schemas."""
        raise NotImplementedError

    @property
    def json_answer_type(self) -> Any:
        """The type annotation of what ``to_json`` gives, where it is narrower."""
        return self.json_type


def clean_values(
    fields: Mapping[str, Field], given: Mapping[str, JSONValue], context: Context
) -> tuple[dict[str, Any], list[FieldError]]:
    """Clean each given value: the stored values of the good ones, by attribute, and an error for each bad one."""
    stored: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, value in given.items():
        field = fields.get(name)
        if field is None:
            errors.append(FieldError(name, gettext("There is no such field.")))
            continue
        try:
            stored[field.attribute] = field.clean(value, context)
        except Refused as refusal:
            errors.append(FieldError(name, str(refusal)))
    return stored, errors


def texts_to_json(
    fields: Iterable[Field], texts: Mapping[str, str]
) -> tuple[dict[str, JSONValue], list[FieldError]]:
    """JSON values of typed texts: those that could be read, and an error for each that could not."""
    values: dict[str, JSONValue] = {}
    errors: list[FieldError] = []
    for field in fields:
        if field.name not in texts:
            continue
        try:
            values[field.name] = field.from_text(texts[field.name])
        except Refused as refusal:
            errors.append(FieldError(field.name, str(refusal)))
    return values, errors
