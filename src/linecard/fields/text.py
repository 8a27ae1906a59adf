"""Plain text, and TOML text."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext
from pydantic import Field as SchemaField
from pydantic import StrictStr

from linecard.fields.base import NOWHERE, Context, Field, JSONValue, Refused
from linecard.kernel.regional import shown_number

# Characters that turn the direction of the text around them: a name could be made to read as another.
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HTML_TAG = re.compile(r"<[A-Za-z/!?]")
# An invisible letter is still a letter to Unicode.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LINE_BREAKS = frozenset("\u2028\u2029")

# Unicode's own limit for text that is worked on in streams (UAX #15). Normalizing a longer run takes time that grows
# with its square: minutes of work could be asked for in one request.
MAX_STACKED_MARKS = 30

# Deeper names have no use, and the parser's time and memory grow with the square of the depth.
MAX_TOML_DEPTH = 32

_MAX_REASON = 200  # it may quote a name of any length

_POSITION = re.compile(r"at (?:line (\d+), column (\d+)|end of document)\)")
_TOML_QUOTED = re.compile(
    r"""\"{3}(?:[^\\]|\\.)*?\"{3} | '{3}.*?'{3} | "(?:[^"\\\n]|\\.)*" | '[^'\n]*' | \#[^\n]*""",
    re.VERBOSE | re.DOTALL,
)
_TOML_BETWEEN_NAMES = re.compile(r"[=,\[\]{}]")


def checked_text(value: JSONValue, *, multiline: bool = False, trimmed: bool = True) -> str:
    """Text in NFC, trimmed unless told not to, that every part of the system can hold.

    Raises ``Refused`` for control characters and for marks stacked without end.
    """
    if not isinstance(value, str):
        raise Refused(gettext("Must be text."))
    if value.isascii() and value.isprintable():
        return value.strip() if trimmed else value
    _refuse_stacked_marks(value)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    text = text.strip() if trimmed else text
    for char in text:
        if char == "\x00":
            raise Refused(gettext("Must not contain NUL characters."))
        if multiline and char in "\n\t":
            continue
        if unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTION_CONTROLS:
            raise Refused(
                gettext("Must not contain the control character U+{code:04X}.").format(code=ord(char))
            )
        if not multiline and char in _LINE_BREAKS:
            raise Refused(gettext("Must be one line."))
    return text


def _refuse_stacked_marks(text: str) -> None:
    if text.isascii():
        return
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > MAX_STACKED_MARKS:
            raise Refused(
                gettext("Must not stack more than {most} marks on one letter.").format(most=MAX_STACKED_MARKS)
            )


def _is_seen(text: str) -> bool:
    """Whether the text leaves anything on a screen that could be read or clicked."""
    if text.isascii() and text.isalnum():
        return True
    return any(char not in _INVISIBLE_LETTERS and unicodedata.category(char)[0] not in "CZM" for char in text)


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
            raise Refused(gettext("This is required."))
        if self.required and not _is_seen(text):
            raise Refused(gettext("Must have at least one character that can be seen."))
        if len(text) > self.max_length:
            raise Refused(
                gettext("At most {most} characters; this has {number}.").format(
                    most=shown_number(self.max_length), number=shown_number(len(text))
                )
            )
        if self.markup_refused and _HTML_TAG.search(text):
            raise Refused(gettext("Must not contain HTML."))
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
        _refuse_deep_names(text)
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Refused(_toml_message(text, str(error))) from error
        except RecursionError as error:
            raise Refused(gettext("Not valid TOML: nested too deeply.")) from error
        except ValueError as error:  # an impossible date, or a number of thousands of digits
            raise Refused(gettext("Not valid TOML: {error}.").format(error=error)) from error
        return text


def _refuse_deep_names(text: str) -> None:
    bare = _TOML_QUOTED.sub(lambda quoted: "_" + "\n" * quoted[0].count("\n"), text)
    for line, content in enumerate(bare.split("\n"), 1):
        if any(part.count(".") >= MAX_TOML_DEPTH for part in _TOML_BETWEEN_NAMES.split(content)):
            raise Refused(
                gettext("Not valid TOML at line {line}: a name of more than {most} parts.").format(
                    line=line, most=MAX_TOML_DEPTH
                )
            )


def _toml_message(text: str, reason: str) -> str:
    """``Line 3, column 9: what is wrong``; an error at the end is given the position of the end."""
    what, _, where = reason.rpartition(" (")
    found = _POSITION.fullmatch(where)
    if found is None:
        what = reason
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1
    return gettext("Not valid TOML at line {line}, column {column}: {what}.").format(
        line=line, column=column, what=what[:_MAX_REASON]
    )
