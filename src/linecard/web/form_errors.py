"""Refusals of an action, shown at the fields of the form that asked for it."""

from collections.abc import Mapping
from types import MappingProxyType

from django.forms import BaseForm

from linecard.kernel.errors import Invalid

NOTHING_RENAMED: Mapping[str, str] = MappingProxyType({})


def show_errors(form: BaseForm, refusal: Invalid, renamed: Mapping[str, str] = NOTHING_RENAMED) -> None:
    """Put each error at its field; ``renamed`` maps the action's names to the form's where they differ.

    An error of a field that the form does not have stands above the form.
    """
    for error in refusal.errors:
        name = renamed.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, error.message)
