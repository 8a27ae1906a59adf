"""What can be asked of a grid, as a schema: the API documents and checks it, a page fills it from its URL."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from linecard.web.grid.kinds import ValueFunction

MAX_LIMIT = 1000
MAX_OFFSET = 1_000_000_000
MAX_GROUPS = 4
MAX_NAMES = 100
MAX_SORTS = 8
MAX_SEARCH_LENGTH = 200
MAX_SELECTED = 10_000

Operator = Literal[
    "equals",
    "not_equals",
    "in",
    "contains",
    "starts_with",
    "contains_any",
    "contains_all",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "empty",
    "not_empty",
]
Name = Annotated[str, Field(min_length=1, max_length=64)]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class FilterTerm(_Strict):
    """What one column must satisfy."""

    op: Operator = Field(
        description=(
            "Which comparison. Texts: equals, not_equals, in, contains, starts_with (all ignore case). "
            "Numbers, amounts, percentages: equals, not_equals, in, gt, gte, lt, lte, between. "
            "Choices: equals, not_equals, in. References: equals, not_equals, in (ids), contains, "
            "starts_with (the shown name). Tags: contains, contains_any, contains_all. "
            "Times: gt, gte, lt, lte, between. Booleans: equals, not_equals. All but booleans: empty, not_empty."
        )
    )
    value: Any = Field(
        default=None,
        description=(
            "A value of the column's kind; a list for in, contains_any and contains_all; `[lowest, highest]` "
            "(both included) for between; nothing for empty and not_empty."
        ),
    )


def equals(column: str, value: object) -> dict[str, FilterTerm]:
    """The filter of those rows that have this value in a column."""
    return {column: FilterTerm(op="equals", value=value)}


class SortTerm(_Strict):
    """One column to order by. Rows without a value come last in both directions."""

    column: Name
    direction: Literal["asc", "desc"] = "asc"


Filter = Annotated[dict[Name, FilterTerm], Field(max_length=MAX_NAMES)]
Search = Annotated[str, Field(max_length=MAX_SEARCH_LENGTH)]


class ViewQuery(_Strict):
    """Which rows, or which groups of rows, and what is shown of them."""

    filter: Filter = Field(
        default_factory=dict,
        description="Column → condition; all must hold.",
        examples=[{"status": {"op": "equals", "value": "active"}}],
    )
    search: Search = Field(default="", description="Words; each must begin a word of the row.")
    sort: list[SortTerm] = Field(
        default_factory=list,
        max_length=MAX_SORTS,
        description=(
            "The first counts most. Groups follow the terms that name their column or one of `values`."
        ),
    )
    columns: list[Name] | None = Field(
        default=None, max_length=MAX_NAMES, description="The columns of each row; all when not given."
    )
    group_by: list[Name] = Field(
        default_factory=list, max_length=MAX_GROUPS, description="Columns to group by, outermost first."
    )
    values: dict[Name, ValueFunction] = Field(
        default_factory=dict,
        max_length=MAX_NAMES,
        description=(
            "Column → what to work out for each group and for the totals. An amount is worked out for each "
            "currency apart and answered as an object: currency → decimal string."
        ),
    )
    pivot: Name | None = Field(
        default=None,
        description="A column whose values split each group's count and values further, under `pivot`.",
    )


class GridQuery(ViewQuery):
    """A page of rows, or of groups of rows, with totals over everything that matches."""

    ids: list[RowId] | None = Field(
        default=None,
        max_length=MAX_LIMIT,
        description="Look at these rows alone: those of them that match are answered.",
    )
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET, description="How many rows to skip.")
    limit: int = Field(default=100, ge=1, le=MAX_LIMIT, description="The most rows to answer.")
    known_total: int | None = Field(
        default=None,
        ge=0,
        le=MAX_OFFSET,
        description=(
            "How many records there are, as an earlier page told: taken at its word, so that a further page is not "
            "kept waiting for the same count. `values` and `pivot` are left aside then. Groups are always counted."
        ),
    )
    group_path: list[str | int | bool | None] = Field(
        default_factory=list,
        max_length=MAX_GROUPS,
        description=(
            "The group to look into: values of the first columns of `group_by` (a reference by its id). "
            "Shorter than `group_by`: the rows are the groups inside. As long: they are its records."
        ),
    )


class Selection(_Strict):
    """Some rows: by their ids, or everything that matches except some."""

    ids: list[int] | None = Field(default=None, max_length=MAX_SELECTED)
    all: Literal[True] | None = None
    filter: Filter = Field(default_factory=dict)
    search: Search = ""
    exceptions: list[int] = Field(default_factory=list, max_length=MAX_SELECTED, alias="except")
