"""Plain text, and TOML text."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field as SchemaField
from pydantic import StrictStr

from linecard.fields.base import NOWHERE, Context, Field, JSONValue, Refused

# Characters that turn the direction of the text around them: a name could be made to read as another.
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HTML_TAG = re.compile(r"<[A-Za-z/!?]")
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


def checked_text(value: JSONValue, *, multiline: bool = False, trimmed: bool = True) -> str:
    """Text in NFC, trimmed unless told not to, that every part of the system can hold. Raises ``Refused`` for control characters."""
    if not isinstance(value, str):
        raise Refused("Must be text.")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    text = text.strip() if trimmed else text
    for char in text:
        if char == "\x00":
            raise Refused("Must not contain NUL characters.")
        if multiline and char in "\n\t":
            continue
        if unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTION_CONTROLS:
            raise Refused(f"Must not contain the control character U+{ord(char):04X}.")
    return text


@dataclass(frozen=True, kw_only=True)
class TextField(Field):
    """A line of text (or several), trimmed and in NFC. Empty text is stored as empty, never as NULL."""

    max_length: int
    multiline: bool = False
    trimmed: bool = True
    markup_refused: bool = False
    default: JSONValue = ""

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = checked_text(value, multiline=self.multiline, trimmed=self.trimmed)
        if self.required and not text:
            raise Refused("This is required.")
        if len(text) > self.max_length:
            raise Refused(f"At most {self.max_length:,} characters; this has {len(text):,}.")
        if self.markup_refused and _HTML_TAG.search(text):
            raise Refused("Must not contain HTML.")
        return text

    @property
    def json_type(self) -> Any:
        limits: dict[str, JSONValue] = {"maxLength": self.max_length}
        if self.required:
            limits["minLength"] = 1
        return Annotated[StrictStr, SchemaField(description=self.help or None, json_schema_extra=limits)]


@dataclass(frozen=True, kw_only=True)
class TomlField(TextField):
    """TOML text, kept as typed. Invalid TOML is refused with its line and column."""

    multiline: bool = True
    trimmed: bool = False  # an error's line and column must be those that the person sees

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Refused(_toml_message(text, str(error))) from error
        except RecursionError as error:
            raise Refused("Not valid TOML: nested too deeply.") from error
        except ValueError as error:  # an impossible date, or a number of thousands of digits
            raise Refused(f"Not valid TOML: {error}.") from error
        return text


def _toml_message(text: str, reason: str) -> str:
    """``Line 3, column 9: what is wrong``; an error at the end is given the position of the end."""
    found = _POSITION.search(reason)
    what = _POSITION.sub("", reason)
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    return f"Not valid TOML at line {line}, column {column}: {what}."
