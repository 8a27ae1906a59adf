"""Every setting, declared once: for the screen, the API, the trail and whoever asks for one.

Rooms above register sections of their own when the program starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linecard.fields import Field


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Settings that stand together. ``fields`` are named by dotted keys, such as ``email.host``.

    ``secrets`` are the keys of those that are kept sealed and never shown again. ``confidants`` are, of a secret, the
    settings that say whom it is told: with another of them it must be typed anew, or it could be had that way.
    """

    key: str
    label: str
    order: int
    fields: tuple[Field, ...]
    help: str = ""
    secrets: frozenset[str] = frozenset()
    confidants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    """Offer a section. Raises ``ValueError`` when one of its keys is there already, or is not its own."""
    if section.key in _sections:
        raise ValueError(f"{section.key} is registered already")
    wrong = [one.name for one in section.fields if not one.name.startswith(f"{section.key}.")]
    if wrong:
        raise ValueError(f"{wrong} do not belong to {section.key}")
    _sections[section.key] = section


def all_sections() -> list[Section]:
    """Every section, in the order of the screen."""
    return sorted(_sections.values(), key=lambda section: section.order)


def all_fields() -> dict[str, Field]:
    """Every setting by its key."""
    return {one.name: one for section in all_sections() for one in section.fields}


def secret_keys() -> frozenset[str]:
    """The keys of the settings that are never shown again."""
    return frozenset(key for section in _sections.values() for key in section.secrets)


def confidants() -> dict[str, tuple[str, ...]]:
    """Of each secret, the settings that say whom it is told."""
    return {key: told for section in _sections.values() for key, told in section.confidants.items()}


def defaults() -> dict[str, Any]:
    """What holds where nothing is set; a secret has none."""
    secret = secret_keys()
    return {key: one.default for key, one in all_fields().items() if key not in secret}
