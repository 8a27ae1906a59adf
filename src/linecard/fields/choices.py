"""Choices: one of a few, yes or no, several labels, a reference to another record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from django.utils.translation import gettext
from pydantic import ConfigDict, StrictBool, StrictInt, StrictStr
from pydantic import Field as SchemaField
from typing_extensions import TypedDict

from linecard.fields.base import NOWHERE, Context, Field, JSONValue, Refused
from linecard.fields.text import checked_text
from linecard.kernel.names import name_key


@dataclass(frozen=True, kw_only=True)
class ChoiceField(Field):
    """One of a fixed set of words; ``choices`` maps the stored word to its label."""

    choices: Mapping[str, str]

    def from_text(self, text: str) -> JSONValue:
        # a file may hold the label that people see
        word = text.strip()
        by_label = {label.casefold(): choice for choice, label in self.choices.items()}
        folded = word.casefold()
        return folded if folded in self.choices else by_label.get(folded, word)

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if not isinstance(value, str):
            raise Refused(gettext("Must be text."))
        if value not in self.choices:
            raise Refused(
                gettext("{wrong!r} is not one of {names}.").format(
                    wrong=value[:40], names=", ".join(self.choices)
                )
            )
        return value

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        return gettext(self.choices.get(value, str(value or "")))

    @property
    def json_type(self) -> Any:
        words = Literal[tuple(self.choices)]  # type: ignore[valid-type]
        return Annotated[words, SchemaField(description=self.help or None)]


@dataclass(frozen=True, kw_only=True)
class BooleanField(Field):
    """Yes or no."""

    default: JSONValue = False

    def from_text(self, text: str) -> JSONValue:
        word = text.strip().casefold()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("", "0", "false", "no", "off"):
            return False
        raise Refused(gettext("Write yes or no."))

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> bool:
        if not isinstance(value, bool):
            raise Refused(gettext("Must be true or false."))
        return value

    def to_text(self, value: JSONValue) -> str:
        return "yes" if value else "no"

    @property
    def json_type(self) -> Any:
        return Annotated[StrictBool, SchemaField(description=self.help or None)]


@dataclass(frozen=True, kw_only=True)
class TagsField(Field):
    """A set of labels, kept in the order of their names. Two spellings of one name are one label."""

    max_tags: int = 50
    max_length: int = 50
    default: JSONValue = field(default_factory=list)

    def from_text(self, text: str) -> JSONValue:
        return [name for part in text.split(",") if (name := part.strip())]

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> list[str]:
        if not isinstance(value, list):
            raise Refused(gettext("Must be a list of names."))
        if len(value) > self.max_tags:
            raise Refused(gettext("At most {most} tags.").format(most=self.max_tags))
        by_key: dict[str, str] = {}
        for item in value:
            name = checked_text(item)
            if not name or "," in name:
                raise Refused(gettext("A tag must not be empty or contain a comma."))
            if len(name) > self.max_length:
                raise Refused(gettext("A tag has at most {most} characters.").format(most=self.max_length))
            by_key.setdefault(name_key(name), name)
        return [by_key[key] for key in sorted(by_key)]

    def to_json(self, stored: Any, context: Context = NOWHERE) -> JSONValue:
        return list(stored)

    def to_text(self, value: JSONValue) -> str:
        return ", ".join(value or [])

    @property
    def json_type(self) -> Any:
        limits: dict[str, JSONValue] = {"maxItems": self.max_tags}
        return Annotated[
            list[StrictStr], SchemaField(description=self.help or None, json_schema_extra=limits)
        ]


@dataclass(frozen=True, kw_only=True)
class SectionsField(Field):
    """Named switches: section → shown or not. Sections left out of a change stay as they are."""

    sections: Mapping[str, str]
    type_name: str = "Sections"

    def from_text(self, text: str) -> JSONValue:
        """The sections that are shown, separated by commas; ``all`` and ``none`` say it for all of them."""
        names = [name for part in text.split(",") if (name := part.strip())]
        if [name.casefold() for name in names] in (["all"], ["none"]):
            return dict.fromkeys(self.sections, names[0].casefold() == "all")
        by_label = {label.casefold(): section for section, label in self.sections.items()}
        shown = {by_label.get(name.casefold(), name.casefold()) for name in names}
        if unknown := shown - self.sections.keys():
            raise Refused(
                gettext("{wrong!r} is not one of {names}.").format(
                    wrong=min(unknown)[:40], names=", ".join(self.sections)
                )
            )
        return {section: section in shown for section in self.sections}

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> dict[str, bool]:
        if not isinstance(value, dict):
            raise Refused(gettext("Must be an object of section and true or false."))
        for section, shown in value.items():
            if section not in self.sections:
                raise Refused(
                    gettext("{wrong!r} is not one of {names}.").format(
                        wrong=str(section)[:40], names=", ".join(self.sections)
                    )
                )
            if not isinstance(shown, bool):
                raise Refused(gettext("{section} must be true or false.").format(section=section))
        return dict(value)

    def to_json(self, stored: Any, context: Context = NOWHERE) -> JSONValue:
        # jsonb keeps its own order of keys; what is answered keeps ours
        return {section: stored[section] for section in self.sections if section in stored}

    def to_text(self, value: JSONValue) -> str:
        return ", ".join(section for section, shown in (value or {}).items() if shown)

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if value is None:
            return ""
        hidden = [gettext(label) for section, label in self.sections.items() if not value.get(section)]
        if not hidden:
            return gettext("everything shown")
        if len(hidden) == len(self.sections):
            return gettext("everything hidden")
        return gettext("hidden: {names}").format(names=", ".join(hidden))

    @property
    def json_type(self) -> Any:
        sections = dict.fromkeys(self.sections, StrictBool)
        switches = TypedDict(self.type_name, sections, total=False)  # type: ignore[misc]
        switches.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
        return Annotated[switches, SchemaField(description=self.help or None)]


@dataclass(frozen=True, kw_only=True)
class ReferenceField(Field):
    """Another record by its id, or none. Whether it exists and may be named is for the action to check."""

    @property
    def attribute(self) -> str:
        return f"{self.name}_id"

    def from_text(self, text: str) -> JSONValue:
        text = text.strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Refused(gettext("Choose one from the list."))
        return int(text)

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(gettext("Must be an id or null."))
        if not 0 < value < 2**63:
            raise Refused(gettext("There is no such record."))
        return value

    @property
    def json_type(self) -> Any:
        limits = SchemaField(description=self.help or None, json_schema_extra={"minimum": 1})
        return Annotated[StrictInt, limits] | None
