"""Vectors of words: folded in Python, so that no database's language or collation decides what matches (ADR 0003)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Lookup, TextField, Value

if TYPE_CHECKING:
    _Lookup = Lookup[str]
else:
    _Lookup = Lookup  # not generic when it runs


@SearchVectorField.register_lookup
class MatchesQuery(_Lookup):
    """``search__matches=<tsquery text>``; the text comes from ``prefix_query`` and its like, which quote every word."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQL of ``vector @@ query``; no parser of the database takes the words apart again."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ ({right})::tsquery", (*left_params, *right_params)


def vector_of(words: Iterable[str]) -> Func:
    """The expression that stores some words."""
    stored = Value(list(words), output_field=ArrayField(TextField()))
    return Func(stored, function="array_to_tsvector", output_field=SearchVectorField())


def text_of(words: Iterable[str]) -> str:
    """The same as the text of a tsvector, for many rows at once. Words hold nothing that would have to be escaped."""
    return " ".join(f"'{word}'" for word in words)
