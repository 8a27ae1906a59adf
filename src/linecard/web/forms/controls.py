"""How each kind of field is typed: its control, and what stands around it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from linecard.fields import (
    BooleanField,
    ChoiceField,
    CountryField,
    CurrencyField,
    EmailField,
    Field,
    IntegerField,
    JSONValue,
    MoneyField,
    PercentField,
    PhoneField,
    ReferenceField,
    Refused,
    SectionsField,
    TagsField,
    TextField,
    TimeZoneField,
    TomlField,
    WebsiteField,
)
from linecard.fields.places import countries, currencies, known_time_zones

Choices = Sequence[tuple[str, Any]]

# So many choices can all be seen at once; more go into a list.
MOST_SEGMENTS = 3


class Control(forms.Field):
    """A form field over a declared one. Whatever was typed is kept; only text that cannot be read is refused here."""

    def __init__(self, declared: Field, *, choices: Choices = (), optional: bool = False) -> None:
        super().__init__(
            required=declared.required and not optional,
            label=gettext(declared.label),
            help_text=gettext(declared.help),
            widget=_with_choices(widget_for(declared), choices),
        )
        self.declared = declared
        self.options = options_of(declared)

    def clean(self, value: Any) -> JSONValue:
        """The JSON value of what was sent."""
        if isinstance(self.declared, BooleanField):
            return bool(value)
        if isinstance(self.declared, SectionsField):
            return {section: section in (value or []) for section in self.declared.sections}
        try:
            return self.declared.from_text(value or "")
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def shown(self, value: JSONValue) -> Any:
        """What the widget is given for a JSON value."""
        if isinstance(self.declared, BooleanField):
            return bool(value)
        if isinstance(self.declared, SectionsField):
            return [section for section, is_shown in (value or {}).items() if is_shown]
        return self.declared.to_text(value)

    def sent(self, value: JSONValue) -> list[str]:
        """What a browser sends for a JSON value: a value for each box ticked, or the one text."""
        shown = self.shown(value)
        if isinstance(shown, bool):
            return ["on"] if shown else []
        return list(shown) if isinstance(shown, list) else [shown]


class ListWidget(forms.Select):
    """A list whose options are written in one go: Django renders a template for each of hundreds."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The HTML of the control."""
        chosen = "" if value is None else str(value)
        attributes = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        return format_html("<select{}>{}</select>", attributes, _options(self.choices, chosen))


def _options(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    return format_html_join("", "{}", ((_option(value, label, chosen),) for value, label in choices))


def _option(value: Any, label: Any, chosen: str) -> SafeString:
    if isinstance(label, list):
        return format_html('<optgroup label="{}">{}</optgroup>', value, _options(label, chosen))
    mark = mark_safe(" selected") if value == chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, mark, label)


def _with_choices(widget: forms.Widget, choices: Choices) -> forms.Widget:
    if choices and isinstance(widget, forms.Select):
        widget.choices = choices
    return widget


def _line(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"spellcheck": "false", **attributes})


def zone_choices(own: str = "UTC") -> list[tuple[str, str]]:
    """Zones of places, and UTC; always one's own, whatever it is."""
    places = {zone for zone in known_time_zones() if "/" in zone and not zone.startswith("Etc/")}
    zones = ["UTC", *sorted((places | {own}) - {"UTC"})]
    return [(zone, zone.replace("_", " ")) for zone in zones]


@singledispatch
def widget_for(declared: Field) -> forms.Widget:
    """The control of a kind of field."""
    return forms.TextInput()


@widget_for.register
def _(declared: TextField) -> forms.Widget:
    return forms.Textarea(attrs={"rows": 3}) if declared.multiline else forms.TextInput()


@widget_for.register
def _(declared: TomlField) -> forms.Widget:
    return forms.Textarea(attrs={"rows": 10})


# Text controls all: a browser's own email and number fields drop or rewrite what they do not like.
@widget_for.register
def _(declared: EmailField) -> forms.Widget:
    return _line(inputmode="email", autocapitalize="none")


@widget_for.register
def _(declared: WebsiteField) -> forms.Widget:
    return _line(inputmode="url", autocapitalize="none")


@widget_for.register
def _(declared: PhoneField) -> forms.Widget:
    return _line(inputmode="tel")


@widget_for.register
def _(declared: IntegerField) -> forms.Widget:
    return _line(inputmode="numeric")


@widget_for.register(MoneyField)
@widget_for.register(PercentField)
def _(declared: Field) -> forms.Widget:
    return _line(inputmode="decimal")


@widget_for.register
def _(declared: ChoiceField) -> forms.Widget:
    choices = [(value, gettext(label)) for value, label in declared.choices.items()]
    return (forms.RadioSelect if len(choices) <= MOST_SEGMENTS else ListWidget)(choices=choices)


@widget_for.register
def _(declared: TimeZoneField) -> forms.Widget:
    return ListWidget(choices=zone_choices())


@widget_for.register
def _(declared: BooleanField) -> forms.Widget:
    return forms.CheckboxInput()


@widget_for.register
def _(declared: SectionsField) -> forms.Widget:
    return forms.CheckboxSelectMultiple(
        choices=[(value, gettext(label)) for value, label in declared.sections.items()]
    )


@widget_for.register
def _(declared: CountryField) -> forms.Widget:
    return ListWidget(choices=[("", gettext("Not known")), *countries().items()])


@widget_for.register
def _(declared: CurrencyField) -> forms.Widget:
    named = [(code, f"{code} – {name}") for code, name in currencies().items()]
    return ListWidget(choices=[("", gettext("Choose a currency")), *named])


@widget_for.register
def _(declared: ReferenceField) -> forms.Widget:
    return ListWidget()


@singledispatch
def options_of(declared: Field) -> Mapping[str, str]:
    """How the control is laid out: options of the tag ``field``."""
    return {}


@options_of.register
def _(declared: TextField) -> Mapping[str, str]:
    return {"width": "wide"} if declared.multiline else {}


@options_of.register
def _(declared: TomlField) -> Mapping[str, str]:
    return {"editor": "toml", "width": "wide"}


@options_of.register
def _(declared: IntegerField) -> Mapping[str, str]:
    return {"width": "medium", "placeholder": gettext(declared.empty)}


@options_of.register
def _(declared: MoneyField) -> Mapping[str, str]:
    return {"width": "medium", "money": "yes"}


@options_of.register
def _(declared: PercentField) -> Mapping[str, str]:
    return {"width": "medium", "unit": "%"}


@options_of.register
def _(declared: TagsField) -> Mapping[str, str]:
    return {"editor": "tags", "width": "wide"}


@options_of.register
def _(declared: BooleanField) -> Mapping[str, str]:
    return {"width": "wide"}
