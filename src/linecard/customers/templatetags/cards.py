"""Template tags of the card: its fields with what others did to them, and states as dots and words."""

from collections.abc import Mapping
from difflib import unified_diff
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from linecard.customers.bulk_work.fields import BULK_FIELDS
from linecard.customers.delay_log import TONES
from linecard.customers.fields import CONTACT_FIELDS
from linecard.customers.forms.card import WIDTHS
from linecard.customers.history import HistoryRow
from linecard.customers.models import Customer, PendingChange
from linecard.customers.words import ChangeState, Status
from linecard.web.forms.records import RecordForm
from linecard.web.templatetags import ui

register = template.Library()

_OF_STATUS = {Status.ACTIVE: "good", Status.INACTIVE: "bad", Status.PENDING_APPROVAL: "warn"}


@register.filter
def phone(number: str) -> str:
    """A phone number in groups, as people read it."""
    return CONTACT_FIELDS["phone"].show(number)


@register.filter
def without_scheme(address: str) -> str:
    """A web address as people write it."""
    return address.partition("://")[2].removesuffix("/")


@register.filter
def bulk_label(form: RecordForm, name: str) -> str:
    """What a field of the bulk edit is called."""
    return gettext(BULK_FIELDS[name].label)


@register.inclusion_tag("customers/form/field.html")
def card_field(
    form: RecordForm, name: str, currency: str = "", clashes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A field of a form over declared fields, with the clash that it is in, if any."""
    options = dict(form.control(name).options)
    if name in WIDTHS:
        options["width"] = WIDTHS[name]
    if options.pop("money", ""):
        options["unit"] = currency or "–"
    if options.get("editor") == "tags":
        options["suggest"] = "known-tags"
    html: SafeString = render_to_string("web/partials/field.html", ui.field(form[name], **options))
    return {"html": html, "width": options.get("width", ""), "clash": (clashes or {}).get(name), "name": name}


@register.inclusion_tag("customers/state.html")
def card_state(customer: Customer) -> dict[str, str]:
    """The status of a card; whether it is archived says more."""
    if customer.is_archived:
        return {"kind": "none", "label": gettext("Archived")}
    return {"kind": _OF_STATUS[Status(customer.status)], "label": gettext(customer.get_status_display())}


@register.inclusion_tag("customers/state.html")
def change_state(change: PendingChange) -> dict[str, str]:
    """What became of a pending change."""
    return {"kind": TONES[ChangeState(change.state)], "label": gettext(change.get_state_display())}


@register.inclusion_tag("customers/card/change_of.html")
def change_of(row: HistoryRow) -> dict[str, Any]:
    """What a field was and is; of texts with several lines only the lines that differ."""
    is_new = row.action.endswith((".created", ".added"))
    context: dict[str, Any] = {"row": row, "is_new": is_new}
    if "\n" in row.old_shown or "\n" in row.new_shown:
        context["diff"] = _diff(row.old_shown, row.new_shown)
    return context


def _diff(old: str, new: str) -> list[tuple[str, str]]:
    """The lines that differ with two around them: ``("+", line)``, ``("-", line)`` or ``(" ", line)``."""
    found = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]
    return [("…", "") if line.startswith("@@") else (line[:1], line[1:]) for line in found]
