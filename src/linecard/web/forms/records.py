"""A form over declared fields, used by the card, its contacts, notes and approved CLIs."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict

from linecard.fields import Field, JSONValue
from linecard.kernel.errors import Conflict, Invalid
from linecard.web.forms.controls import Choices, Control

_LINE = re.compile(r"\bline (\d+)\b")


class RecordForm(forms.Form):
    """Controls for declared fields. ``values`` (in the API's spelling) is what an unsent form shows."""

    def __init__(
        self,
        declared: Mapping[str, Field],
        data: QueryDict | None = None,
        *,
        values: Mapping[str, JSONValue] | None = None,
        choices: Mapping[str, Choices] | None = None,
        optional: frozenset[str] = frozenset(),
        auto_id: str = "id_%s",
        focused: str = "",
    ) -> None:
        super().__init__(data, auto_id=auto_id)
        for name, field in declared.items():
            control = Control(field, choices=(choices or {}).get(name, ()), optional=name in optional)
            self.fields[name] = control
            self.initial[name] = control.shown((values or {}).get(name, field.default))
        if focused:
            self.fields[focused].widget.attrs["autofocus"] = True

    def control(self, name: str) -> Control:
        """The control of that name."""
        return cast(Control, self.fields[name])

    def given(self) -> dict[str, JSONValue]:
        """What was sent, in the API's spelling. Text that cannot be read stays text; the rules refuse that, too."""
        self.full_clean()
        return {
            name: self.cleaned_data[name] if name in self.cleaned_data else self.typed(name)
            for name, field in self.fields.items()
            if not field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))
        }

    def typed(self, name: str) -> Any:
        """What was sent for a field, as the widget reads it."""
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def refuse(self, refusal: Invalid | Conflict, renamed: Mapping[str, str] | None = None) -> None:
        """Show each error at its field, and above the form where there is none; a field tells one error."""
        if isinstance(refusal, Conflict):
            self.add_error(None, refusal.detail)
            return
        for error in refusal.errors:
            name = (renamed or {}).get(error.field, error.field)
            if name not in self.fields:
                self.add_error(None, error.message)
            elif not self.has_error(name):
                self.add_error(name, error.message)
                self._mark_line(name, error.message)

    def _mark_line(self, name: str, message: str) -> None:
        found = _LINE.search(message)
        if found and isinstance(self.fields[name].widget, forms.Textarea):
            self.fields[name].widget.attrs["data-error-line"] = found[1]
