"""A screen that shows a grid: its declaration for the browser, with the first page of rows already in it.

The address carries the whole view, so that a link shows what its sender saw: ``search``, ``status`` (one of the
screen's presets), ``sort`` (``name,-updated``), ``filter`` (JSON as in the API), ``columns`` (``name,status``),
``groups`` (``country,status``), ``values`` (``channels:sum,tax:avg``), ``pivot`` (``status``); and what only the
browser minds: ``pins`` and ``widths``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from pydantic import ValidationError
from pydantic_core import from_json

from linecard.kernel.errors import Invalid
from linecard.kernel.regional import shown_number
from linecard.web.grid.columns import Choice, Column
from linecard.web.grid.grid import Answer, Grid
from linecard.web.grid.query import FilterTerm, GridQuery, equals
from linecard.web.grid.views import offered

PAGE_ROWS = 100

# Named in the page's head, so that the browser need not find them one behind the other.


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One entry of the status filter; what it filters wins over the same column in ``filter``."""

    value: str
    label: str
    filter: Mapping[str, FilterTerm]


def presets_of(
    column: str, choices: Iterable[Choice], *, every: str = gettext_noop("All")
) -> tuple[Preset, ...]:
    """Everything, which is called ``every``, and then one preset for each choice of a column."""
    return (
        Preset(value="all", label=every, filter={}),
        *(
            Preset(value=choice.value, label=choice.label, filter=equals(column, choice.value))
            for choice in choices
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A grid with what its page needs to know. The first preset is what a bare address shows.

    ``selects`` gives each row a box to tick, for verbs that work on a selection.
    """

    grid: Grid
    one: str
    many: str
    presets: tuple[Preset, ...]
    selects: bool = True

    def context(
        self,
        rows: QuerySet[Any, Any],
        address: Mapping[str, str],
        *,
        query_url: str,
        row_url: str,
        user: Any = None,
        export_url: str = "",
    ) -> dict[str, Any]:
        """Template context of ``web/grid/page.html``.

        ``query_url`` answers grid queries, ``row_url`` is the address of a row's own page with ``{id}`` in it,
        ``export_url`` gives files of the rows. ``user`` is whose saved views are offered. An address that asks for
        what cannot be gets no rows here: the browser asks again and shows the answer.
        """
        views = offered(user, self.grid.name, address)
        address = views.address
        first = self._first(rows, address)
        return {
            "grid": {
                "name": self.grid.name,
                "one": gettext(self.one),
                "many": gettext(self.many),
                "search": address.get("search", "")[:200],
                "status": self._preset(address).value,
                "presets": self.presets,
                "selects": self.selects,
                "count": self._counted(first),
                "export_url": export_url,
                "views": views,
            },
            "grid_declaration": {
                "name": self.grid.name,
                "key": self.grid.key,
                "one": gettext(self.one),
                "many": gettext(self.many),
                "selects": self.selects,
                "columns": [_declaration(self.grid, column) for column in self.grid.columns.values()],
                "presets": [
                    {"value": preset.value, "filter": {k: v.model_dump() for k, v in preset.filter.items()}}
                    for preset in self.presets
                ],
                "sort": [term.model_dump() for term in self.grid.default_sort],
                "pageRows": PAGE_ROWS,
                "queryUrl": query_url,
                "rowUrl": row_url,
                "views": views.told,
                "first": first,
            },
        }

    def _counted(self, first: Answer | None) -> str:
        if first is None:
            return ""
        count: int = first["totals"]["count"]  # of the records, also where the rows are groups
        return f"{shown_number(count)} {gettext(self.one if count == 1 else self.many)}"

    def _preset(self, address: Mapping[str, str]) -> Preset:
        wanted = address.get("status", "")
        return next((preset for preset in self.presets if preset.value == wanted), self.presets[0])

    def _first(self, rows: QuerySet[Any, Any], address: Mapping[str, str]) -> Answer | None:
        try:
            return self.grid.run(rows, self.query(address))
        except (Invalid, ValidationError, ValueError):
            return None

    def query(self, address: Mapping[str, str]) -> GridQuery:
        """What an address of the page asks for. Raises ``ValueError`` for one that cannot be read."""
        filters = from_json(address.get("filter") or "{}")  # unlike json, it bounds the depth by itself
        query = {
            "filter": filters,
            "search": address.get("search", ""),
            "sort": [_sort_term(word) for word in _words(address, "sort")],
            "limit": PAGE_ROWS,
            "columns": self._needed(address),
            "group_by": _words(address, "groups"),
            "values": dict(_pair(word) for word in _words(address, "values")),
            "pivot": address.get("pivot") or None,
        }
        checked = GridQuery.model_validate(query)
        own = {**checked.filter, **self._preset(address).filter}
        return checked.model_copy(update={"filter": own})

    def _needed(self, address: Mapping[str, str]) -> list[str]:
        """The columns that are shown, and those that the others cannot do without.

        A row needs its name and its place in the pivot, an amount its currency.
        """
        columns = self.grid.columns
        shown = _words(address, "columns") or [name for name, column in columns.items() if column.shown_first]
        named = [name for name, column in columns.items() if column.opens_row][:1]
        values = [_pair(word)[0] for word in _words(address, "values")]
        wanted = dict.fromkeys((*named, *shown, *values, *_words(address, "pivot")))
        amounts = [columns[name] for name in wanted if name in columns and columns[name].currency]
        currencies = (_currency_column(self.grid, column) for column in amounts)
        return [*dict.fromkeys((*wanted, *(name for name in currencies if name)))]


def _words(address: Mapping[str, str], name: str) -> list[str]:
    return [word for word in address.get(name, "").split(",") if word]


def _pair(word: str) -> tuple[str, str]:
    name, _, rest = word.partition(":")
    return name, rest


def address_of_one(name: str) -> str:
    """The address of the URL of that name with ``{id}`` where its number stands."""
    return reverse(name, args=[0]).replace("/0/", "/{id}/")


def _sort_term(word: str) -> dict[str, str]:
    return {"column": word.removeprefix("-"), "direction": "desc" if word.startswith("-") else "asc"}


def _declaration(grid: Grid, column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": gettext(column.label),
        "kind": column.kind,
        "width": column.width,
        "priority": column.priority,
        "shown": column.shown_first,
        "sorts": column.rules.sorts,
        "groups": column.groups,
        "functions": column.rules.functions,
        "opensRow": column.opens_row,
        "grows": column.grows,
        "said": column.say is not None,
        "empty": gettext(column.empty),
        "choices": {
            choice.value: {"label": gettext(choice.label), "tone": choice.tone} for choice in column.choices
        },
        "currency": _currency_column(grid, column),
        "page": address_of_one(column.page) if column.page else "",
    }


def _currency_column(grid: Grid, column: Column) -> str | None:
    """The column of the same grid that holds an amount's currency."""
    if not column.currency:
        return None
    return next(other.name for other in grid.columns.values() if other.path == column.currency)
