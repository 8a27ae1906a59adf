"""Text of cells turned into stored values by the same fields as the form, remembering what it has seen."""

from collections.abc import Hashable, Mapping
from typing import Any

from linecard.fields import Context, Field, Refused
from linecard.fields.base import NOWHERE

# Most columns repeat a few values; those that do not must not fill the memory.
_MAX_REMEMBERED = 5_000
_REMEMBERED_CHARACTERS = 200


class Cleaner:
    """Cleans typed text, once for each text, field and context that matters to the field."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._known: dict[str, dict[Hashable, tuple[Any, str]]] = {name: {} for name in fields}

    def clean(self, name: str, text: str, context: Context = NOWHERE) -> tuple[Any, str]:
        """The stored value and no message, or None and why the text is refused. Empty text gives the default."""
        field = self._fields[name]
        if len(text) > _REMEMBERED_CHARACTERS:
            return _clean(field, text, context)
        known = self._known[name]
        key = (text, context.currency, context.country) if field.contextual else text
        found = known.get(key)
        if found is None:
            found = _clean(field, text, context)
            if len(known) >= _MAX_REMEMBERED:
                known.clear()
            known[key] = found
        return found


def _clean(field: Field, text: str, context: Context) -> tuple[Any, str]:
    try:
        bare = text.strip()
        value = field.from_text(text) if bare or field.required else field.default
        return field.clean(value, context), ""
    except Refused as refusal:
        return None, str(refusal)
