"""How names are compared and searched: the same everywhere, independent of any database collation."""

import re
import unicodedata
from itertools import filterfalse

_WORDS = re.compile(r"[^\W_]+")

# A search is a few words; more would only make the query slow.
MAX_SEARCH_WORDS = 12
MAX_WORD_LENGTH = 64
MAX_SEARCH_LENGTH = 1000


def name_key(name: str) -> str:
    """The key under which a name is unique: NFC, trimmed, case-folded (``ÅLAND`` and ``åland`` are one)."""
    folded = unicodedata.normalize("NFC", name.strip()).casefold()
    return unicodedata.normalize("NFC", folded)


def search_words(*texts: str) -> list[str]:
    """The distinct words of some texts, sorted, folded so that ``telefonica`` finds ``Telefónica``."""
    words: set[str] = set()
    for text in texts:
        bare = text.casefold()
        if not bare.isascii():
            bare = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", bare)))
        words.update(word[:MAX_WORD_LENGTH] for word in _WORDS.findall(bare))
    return sorted(words)


def prefix_query(text: str) -> str:
    """A tsquery that matches when every word of ``text`` begins some indexed word; empty for no words.

    ``search_words`` leaves letters and digits only, so quoting them is enough. What stands beyond the first
    ``MAX_SEARCH_LENGTH`` characters is not looked for: an address can carry text that takes long to fold.
    """
    words = search_words(text[:MAX_SEARCH_LENGTH])[:MAX_SEARCH_WORDS]
    return " & ".join(f"'{word}':*" for word in words)
