"""Records of a grid as rows of cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from linecard.kernel.money import plain_amount
from linecard.web.grid.columns import Column
from linecard.web.grid.grid import Grid
from linecard.web.grid.records import Ids, Record, Records
from linecard.web.sheets import Cell, Heading, Number

CellOf = Callable[[Record], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTable:
    """Some columns of records, as the screen shows them or as the API spells them."""

    grid: Grid
    records: Records
    columns: Sequence[Column]
    as_shown: bool

    def headings(self) -> list[Heading]:
        """One for each column."""
        return [
            Heading(gettext(column.label) if self.as_shown else column.name, column.width)
            for column in self.columns
        ]

    def rows(self, ids: Ids) -> Iterator[list[Cell]]:
        """The rows of those ids."""
        places = {path: place for place, path in enumerate(self.records.paths)}
        cells = [cell_of(column, places, as_shown=self.as_shown) for column in self.columns]
        for records in self.records.read(ids):
            worked_out = self.grid.worked_out([record[0] for record in records])
            for record in records:
                row = [cell(record) for cell in cells]
                if worked_out:
                    self._put(row, worked_out.get(record[0], {}))
                yield row

    def _put(self, row: list[Cell], worked_out: Mapping[str, Cell]) -> None:
        for place, column in enumerate(self.columns):
            if column.name in worked_out:
                row[place] = worked_out[column.name]


def cell_of(column: Column, places: Mapping[str, int], *, as_shown: bool) -> CellOf:
    """How a column's cell is got from a record; ``places`` says where the record has each ORM path."""
    place = places[column.path]
    match column.kind:
        case "money":
            currency = places[column.currency]
            return _unless_empty(place, lambda record: Number(plain_amount(record[place], record[currency])))
        case "reference" if as_shown:
            place = places[column.shown]
            return lambda record: record[place]
        case "choice" if as_shown and column.choices:
            labels = {choice.value: gettext(choice.label) for choice in column.choices}
            return lambda record: labels.get(record[place], record[place])
        case "percent":
            write = column.rules.write
            return _unless_empty(place, lambda record: Number(write(record[place])))
        case "tags":
            return _unless_empty(place, lambda record: ", ".join(record[place]))
        case "boolean":
            words = ("No", "Yes") if as_shown else ("false", "true")
            return _unless_empty(place, lambda record: words[record[place]])
        case _:
            return lambda record: record[place]


def _unless_empty(place: int, cell: CellOf) -> CellOf:
    return lambda record: None if record[place] is None else cell(record)
