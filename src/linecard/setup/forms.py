"""The form of the settings: one control for each, secrets never filled in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext

from linecard.fields import JSONValue
from linecard.setup.declarations import Section, all_fields, all_sections, secret_keys
from linecard.setup.queries import CurrentSettings
from linecard.web.forms.records import RecordForm
from linecard.web.tabs import ShownTab, Tab, tabs_of

_REMOVE = "remove:"


@dataclass(frozen=True, slots=True)
class ShownField:
    """A control; ``remove`` is the name of the box that takes a kept secret away, and empty elsewhere."""

    bound: BoundField
    remove: str = ""


class SettingsForm(RecordForm):
    """All settings. ``given`` are those that were sent."""

    def __init__(
        self, settings: CurrentSettings, data: QueryDict | None = None, *, may_change: bool = True
    ) -> None:
        super().__init__(all_fields(), data, values=settings.values)
        self._settings = settings
        for key in secret_keys():
            self._hide(key)
        if not may_change:
            for field in self.fields.values():
                field.disabled = True

    def _hide(self, key: str) -> None:
        kept = gettext("Kept. Type another one to replace it.") if self._settings.is_set(key) else ""
        self.fields[key].widget = forms.PasswordInput(
            attrs={"autocomplete": "new-password", "placeholder": kept, "data-no-draft": ""}
        )
        self.initial[key] = ""

    def given(self) -> dict[str, JSONValue]:
        values = super().given()
        for key in secret_keys():
            if f"{_REMOVE}{key}" in self.data:
                values[key] = ""
            elif not values.get(key):
                values.pop(key, None)
        return values

    def tabs(self) -> list[ShownTab]:
        """A tab for each section."""
        tabs = [
            Tab(section.key, section.label, [field.name for field in section.fields])
            for section in all_sections()
        ]
        return tabs_of(self, tabs)

    def sections(self) -> Sequence[tuple[Section, list[ShownField]]]:
        """The sections with their controls."""
        return [
            (section, [self._shown(field.name, section) for field in section.fields])
            for section in all_sections()
        ]

    def _shown(self, key: str, section: Section) -> ShownField:
        is_kept = key in section.secrets and self._settings.is_set(key)
        return ShownField(self[key], f"{_REMOVE}{key}" if is_kept else "")
