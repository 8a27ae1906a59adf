"""Reads JSON bodies, query strings and forms, and refuses early what nothing behind could store."""

import json
import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from linecard.kernel.errors import FieldError, Invalid

FORM = "multipart/form-data"

MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 40
MAX_NAME_LENGTH = 60
MAX_ERRORS = 100  # more than a person reads


class MalformedBody(Exception):
    """The body is not the JSON it should be; the message says what is wrong with it."""


class UnsupportedBody(Exception):
    """The body does not claim to be what is read here; the message says what to send."""


class StrictParser(Parser):
    """One meaning for each body: no repeated names, no ``NaN``, no NUL bytes, nothing nested without end."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Raises ``UnsupportedBody``, ``MalformedBody`` or ``Invalid``."""
        _require_json(request.content_type or "")
        data = read_json(request.body)
        refuse_unusable_text(data)
        return cast(dict[str, Any], data)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Raises ``Invalid``, and ``UnsupportedBody`` for a form that is none."""
        if data is not request.GET and request.content_type != FORM:
            raise UnsupportedBody(f"Send the body as a form, with 'Content-Type: {FORM}'.")
        refuse_unusable_text({name: given[0] if len(given) == 1 else given for name, given in data.lists()})
        return super().parse_querydict(data, list_fields, request)


def read_json(body: bytes) -> Any:
    """The value of a UTF-8 JSON body. Raises ``MalformedBody``."""
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedBody(f"The body is not valid JSON: {error.msg} at {where}.") from error
    except RecursionError as error:
        raise MalformedBody(f"The body is nested deeper than {MAX_DEPTH} levels.") from error


def refuse_unusable_text(data: Any) -> None:
    """Raises ``Invalid`` naming each text that no database holds, and ``MalformedBody`` for depth."""
    found = islice(_unusable(data), MAX_ERRORS)
    if errors := [FieldError(_path(place), reason) for place, reason in found]:
        raise Invalid(errors)


def unusable_text(text: str) -> str:
    """Why this text can be stored nowhere, or an empty string."""
    if "\0" in text:
        return "Must not contain NUL characters."
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "Must be valid Unicode text: half of a surrogate pair is missing."
    return ""


def _require_json(content_type: str) -> None:
    if content_type != "application/json" and not re.fullmatch(r"application/[\w.-]+\+json", content_type):
        raise UnsupportedBody("Send the body as JSON, with 'Content-Type: application/json'.")


# Where a value stands: the names and positions on the way to it, innermost first. Spelled only for a value that is
# refused, because a body may hold hundreds of thousands below a name of a million characters.
_Place = tuple[str | int, "_Place"] | None


def _unusable(data: Any, place: _Place = None, depth: int = 0) -> Iterator[tuple[_Place, str]]:
    if depth > MAX_DEPTH:
        raise MalformedBody(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(data, str):
        if reason := unusable_text(data):
            yield place, reason
    elif isinstance(data, dict):
        for key, value in data.items():
            if reason := unusable_text(key):
                yield place, f"A field's name: {reason}"
            else:
                yield from _unusable(value, (key, place), depth + 1)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _unusable(value, (index, place), depth + 1)


def _path(place: _Place) -> str:
    """``contacts.0.email``; each name shortened, because it may be of any length."""
    parts: list[str] = []
    while place is not None:
        name, place = place
        parts.append(str(name)[:MAX_NAME_LENGTH])
    return ".".join(reversed(parts)) or "body"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise MalformedBody("The body names a field twice in one object.")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedBody(f"The body is not valid JSON: {name} is not a JSON number.")


def _integer(text: str) -> int:
    if len(text) > MAX_INTEGER_DIGITS:
        raise MalformedBody(f"The body holds an integer of more than {MAX_INTEGER_DIGITS} digits.")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise MalformedBody("The body holds a number that is too large.")
    return value
