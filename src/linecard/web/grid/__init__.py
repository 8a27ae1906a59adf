"""The grid: a screen declares columns; filters, sorts, pages, groups, totals, the API and the page follow.

Knows nothing of what the rows are.
"""

from linecard.web.grid.answering import answer_query, list_page
from linecard.web.grid.columns import Choice, Column, choices_of
from linecard.web.grid.exporting import Export, ExportQuery, export_of
from linecard.web.grid.grid import Answer, Grid
from linecard.web.grid.page import Preset, Screen, address_of_one, presets_of
from linecard.web.grid.query import FilterTerm, GridQuery, Selection, SortTerm, ViewQuery, equals

__all__ = [
    "Answer",
    "Choice",
    "Column",
    "Export",
    "ExportQuery",
    "FilterTerm",
    "Grid",
    "GridQuery",
    "Preset",
    "Screen",
    "Selection",
    "SortTerm",
    "ViewQuery",
    "address_of_one",
    "answer_query",
    "choices_of",
    "equals",
    "export_of",
    "list_page",
    "presets_of",
]
