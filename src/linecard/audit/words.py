"""By which words an entry is found: who, what, the note, from where, and every value before and after."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from linecard.kernel.names import MAX_WORD_LENGTH, prefix_query, search_words

# What is longer is told in full by the entry, yet found by its beginning alone.
MAX_CHARACTERS = 20_000
MAX_WORDS = 2000
# Amounts and addresses (5.00, 192.0.2.7, 2001:db8::1) are looked for as a whole: their parts are in too many others.
_WHOLE = re.compile(r"(?<![\w.:])[0-9a-f]+(?:[.:]+[0-9a-f]+)+(?:::)?")


def entry_words(
    *, user_name: str, action: str, note: str, address: str | None, changes: Mapping[str, Any]
) -> list[str]:
    """The distinct folded words of an entry."""
    values = (text for pair in changes.values() for value in pair for text in _texts(value))
    text = " ".join((user_name, action, address or "", note, *values))[:MAX_CHARACTERS]
    whole = (found[:MAX_WORD_LENGTH] for found in _WHOLE.findall(text.casefold()))
    return sorted({*search_words(text), *whole})[:MAX_WORDS]


def entry_query(word: str) -> str:
    """The tsquery for the entries in which a word (without spaces) begins one of theirs; empty for no word."""
    whole = _WHOLE.fullmatch(word.casefold().rstrip(".:"))
    if whole is not None:
        return f"'{whole[0][:MAX_WORD_LENGTH]}':*"
    return prefix_query(word)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
