"""Template tags of the shell: icons, form fields, moments in time."""

from datetime import UTC, datetime
from typing import Any

from django import forms, template
from django.contrib.messages import constants
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from linecard.kernel.regional import shown_number
from linecard.web.grid.verbs import Verb, verbs_of
from linecard.web.script_modules import fetch_ahead, script_module

register = template.Library()
register.simple_tag(script_module)
register.simple_tag(fetch_ahead)

LEVEL_ICONS = {
    constants.DEFAULT_TAGS[constants.SUCCESS]: "circle-check",
    constants.DEFAULT_TAGS[constants.WARNING]: "alert-triangle",
    constants.DEFAULT_TAGS[constants.ERROR]: "alert-circle",
}


@register.simple_tag
def icon(name: str, **attributes: str) -> SafeString:
    """An icon of the sprite. It is decoration: what it means must also be said in words."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        attributes.get("class", ""),
        static("web/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def grid_verbs(context: dict[str, Any]) -> list[Verb]:
    """What rooms add to the page of the grid that is shown."""
    return verbs_of(context["grid"]["name"], context["request"])


@register.filter
def level_icon(level: str) -> str:
    """The icon of a message's level."""
    return LEVEL_ICONS.get(level, "info-circle")


@register.filter
def initials(person: Any) -> str:
    """Up to two letters that stand for a user."""
    name = str(getattr(person, "name", "") or person)
    words = [word for word in name.replace(".", " ").replace("_", " ").split() if word]
    return "".join(word[0] for word in ([*words[:1], *words[-1:]] if len(words) > 1 else words)).upper()


@register.filter
def grouped(number: int) -> str:
    """A whole number with its thousands set apart: ``1,234,567``."""
    return shown_number(number)


@register.simple_tag
def moment(value: datetime | None, style: str = "relative") -> SafeString | str:
    """A moment in the reader's zone: ``relative`` ("3 minutes ago", the exact time on hover) or ``absolute``.

    Without JavaScript both show the exact time. None, "not yet", is an en dash.
    """
    if value is None:
        return "–"
    return format_html(
        '<time datetime="{}" data-moment="{}">{}</time>',
        value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        style,
        timezone.localtime(value).strftime("%-d %b %Y, %H:%M"),
    )


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.RadioSelect):
        return "segments"
    if isinstance(widget, forms.CheckboxInput):
        return "switch"
    if isinstance(widget, forms.Select):
        return "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"


WIDGET_CLASSES = {
    "choices": "form-check-input",
    "segments": "segment-input",
    "switch": "form-check-input",
    "select": "form-select",
    "textarea": "form-control",
    "input": "form-control",
}


@register.inclusion_tag("web/partials/field.html")
def field(bound: BoundField, **options: str) -> dict[str, Any]:
    """A form field with label, help and errors tied to it for screen readers.

    Options: ``unit`` (shown after the value), ``width`` (``short``, ``medium``, ``wide``, or ``alone``: half of a
    line of its own), ``locked`` (why it cannot be changed; give it with a disabled field), ``suggest`` (id of a
    datalist), ``editor`` (``tags`` or ``toml``: the enhanced inputs), ``placeholder``, ``autocomplete``,
    ``inputmode``, ``rows``. A control over a declared field brings those of its kind.
    """
    options = {**getattr(bound.field, "options", {}), **options}
    kind = _kind(bound.field.widget)
    attributes: dict[str, str | bool] = {
        "class": WIDGET_CLASSES[kind] + (" is-invalid" if bound.errors else "")
    }
    for option in ("placeholder", "autocomplete", "inputmode", "rows"):
        if options.get(option):
            attributes[option] = options[option]
    if options.get("suggest"):
        attributes["list"] = options["suggest"]
    if options.get("editor"):
        attributes[f"data-{options['editor']}-editor"] = ""
    if kind == "input" and "autocomplete" not in bound.field.widget.attrs:
        attributes.setdefault("autocomplete", "off")  # what a browser remembers belongs to other customers
    return {"field": bound, "kind": kind, "control": bound.as_widget(attrs=attributes), **options}
