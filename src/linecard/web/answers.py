"""Answers of the API: JSON, entity tags, conditions on them, and pages of lists."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypedDict, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_LIMIT = 1000
MAX_OFFSET = 1_000_000_000

# Versions count from one.
_NO_VERSION = 0

_DIGITS = re.compile(r"[0-9]{1,18}")
_FLAGS = {"true": True, "false": False}

M = TypeVar("M", bound=Model)


def json_answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Any JSON value as an answer."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return HttpResponse(body, status=status, headers=headers, content_type="application/json")


def no_content() -> HttpResponse:
    """It was done, and there is nothing to say about it."""
    return HttpResponse(status=204)


def not_modified(etag: str) -> HttpResponse:
    """The asker has it already."""
    return HttpResponse(status=304, headers={"ETag": etag})


def has_already(request: HttpRequest, etag: str) -> bool:
    """Whether ``If-None-Match`` names the tag (weakly compared, as RFC 9110 wants it) or any at all."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]


def demanded_tags(request: HttpRequest) -> list[str] | None:
    """The tags of ``If-Match``, one of which must be the present one; None when any will do.

    Without a readable tag the list is empty: a condition that cannot be met.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return None
    tags = parse_etags(header)
    # a weak tag never satisfies If-Match
    return None if tags == ["*"] else [tag for tag in tags if not tag.startswith("W/")]


def demanded_version(request: HttpRequest, key: int, present: Callable[[], int | None]) -> int | None:
    """The version that ``If-Match`` demands of what has this key and tags of key and version; None for none.

    Several tags mean any of them: then the ``present`` version is chosen, if it is among them, and the action checks
    again. A tag of something else demands a version that never is.
    """
    tags = demanded_tags(request)
    if tags is None:
        return None
    versions = [version for tag in tags if (version := _version(tag, key))]
    if len(versions) > 1:
        now = present()
        return now if now in versions else _NO_VERSION
    return versions[0] if versions else _NO_VERSION


def _version(tag: str, key: int) -> int:
    """The version in a tag of this key; ``_NO_VERSION`` for any other tag."""
    of, _, version = tag.strip('"').partition("-")
    is_ours = of == str(key) and version.isascii() and version.isdigit() and len(version) < 10
    return int(version) if is_ours else _NO_VERSION


def _digits(value: object) -> object:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("Must be a whole number.")
    return value


def _flag(value: object) -> object:
    if isinstance(value, str) and value not in _FLAGS:
        raise ValueError("Must be true or false.")
    return _FLAGS[value] if isinstance(value, str) else value


# Query parameters in their one spelling: pydantic alone would also take "1_000" and "yes".
WholeParameter = Annotated[int, BeforeValidator(_digits)]
FlagParameter = Annotated[bool, BeforeValidator(_flag)]


class PageParameters(BaseModel):
    """Which part of a list is wanted."""

    model_config = ConfigDict(extra="forbid")

    limit: WholeParameter = Field(default=100, ge=1, le=MAX_LIMIT, description="The most results to answer.")
    offset: WholeParameter = Field(default=0, ge=0, le=MAX_OFFSET, description="How many results to skip.")


class Page(TypedDict):
    """Part of a list, and how long the whole list is."""

    results: list[Any]
    total: int


def page_of(rows: QuerySet[M], wanted: PageParameters, spell: Callable[[M], object]) -> HttpResponse:
    """The wanted part of some ordered rows, with their exact number."""
    total = rows.count()
    part = rows[wanted.offset : wanted.offset + wanted.limit] if wanted.offset < total else ()
    return json_answer(Page(results=[spell(row) for row in part], total=total))
