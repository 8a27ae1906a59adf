"""The form of a bulk edit: each field is ticked to take part."""

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from linecard.accounts.models import User
from linecard.accounts.scope import sees_everything
from linecard.customers.bulk_work.fields import BULK_FIELDS, TAGS
from linecard.customers.forms.card import reference_choices
from linecard.customers.words import PORTAL_SECTIONS
from linecard.fields import BooleanField, ChoiceField, Field, JSONValue, SectionsField
from linecard.web.forms.records import RecordForm

PORTAL = "portal_access"
# What is done with the labels that are written.
TAG_VERBS = {
    "add": gettext_noop("Add"),
    "remove": gettext_noop("Remove"),
    "whole": gettext_noop("Replace all"),
}

_YES, _NO = "yes", "no"
_SHOW, _HIDE = "show", "hide"
# Fields that are changed on many cards most often come first and need no unfolding.
COMMON = ("status", "channels", "cps", "country", PORTAL, TAGS)


class BulkForm(RecordForm):
    """The fields that can be changed on many cards. Only those named in ``fields`` count."""

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        names = [name for name in BULK_FIELDS if name != "reseller" or sees_everything(user)]
        declared = {name: _declared(BULK_FIELDS[name]) for name in names if name != PORTAL}
        super().__init__(declared, data, choices=reference_choices(user, None), auto_id="bulk_%s")
        self.names = names

    def common(self) -> list[str]:
        """The fields that come first."""
        return [name for name in COMMON if name in self.names]

    def others(self) -> list[str]:
        """The rest, in the order of the card."""
        return [name for name in self.names if name not in COMMON]

    def changes(self) -> dict[str, JSONValue]:
        """What is to be put on the cards, in the API's spelling. Text that cannot be read stays text."""
        ticked = set(self.data.getlist("fields")) if isinstance(self.data, QueryDict) else set()
        given = self.given()
        return {name: self._value(name, given) for name in self.names if name in ticked}

    def _value(self, name: str, given: Mapping[str, JSONValue]) -> JSONValue:
        if name == PORTAL:
            choices = {section: self.data.get(f"{PORTAL}.{section}") for section in PORTAL_SECTIONS}
            return {
                section: choice == _SHOW for section, choice in choices.items() if choice in (_SHOW, _HIDE)
            }
        value = given.get(name)
        if name == TAGS:
            verb = self.data.get("tags_verb")
            return {verb: value} if verb in ("add", "remove") else value
        return value == _YES if isinstance(BULK_FIELDS[name], BooleanField) else value


def portal_sections() -> Mapping[str, str]:
    """The sections of the portal with their labels."""
    field = BULK_FIELDS[PORTAL]
    return field.sections if isinstance(field, SectionsField) else {}


def _declared(field: Field) -> Field:
    """A switch says nothing of itself being ticked: yes and no stand side by side instead."""
    if not isinstance(field, BooleanField):
        return field
    choices = {_YES: gettext("Yes"), _NO: gettext("No")}
    return ChoiceField(name=field.name, label=field.label, help=field.help, choices=choices, default=_YES)
