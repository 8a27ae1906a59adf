"""The card's form: its tabs, its fields, and what was typed into them."""

from collections.abc import Mapping
from typing import Any

from django.forms import Select
from django.http import QueryDict
from django.utils.translation import gettext, gettext_noop

from linecard.accounts.models import User
from linecard.accounts.scope import sees_everything, visible_resellers, visible_users
from linecard.customers.defaults import NewCardRules, new_card_rules
from linecard.customers.editing import Reading
from linecard.customers.fields import CARD_FIELDS, CARD_TABS, CONTACT_FIELDS, NOTE_FIELDS
from linecard.customers.models import Customer
from linecard.fields import Context, JSONValue, ReferenceField
from linecard.kernel.errors import Conflict, Invalid
from linecard.web.forms.controls import Choices
from linecard.web.forms.records import RecordForm
from linecard.web.tabs import Tab

Values = Mapping[str, JSONValue]

TAB_LABELS = {
    "basic": gettext_noop("Basic"),
    "config": gettext_noop("Config"),
    "address": gettext_noop("Address"),
    "verification": gettext_noop("Verification"),
    "notes": gettext_noop("Notes"),
}

# Parts that are written together with the card, by the names they have in its form.
NOTE_CONTROLS = {f"note_{name}": field for name, field in NOTE_FIELDS.items()}
CONTACT_CONTROLS = {
    f"contact_{name}": field for name, field in CONTACT_FIELDS.items() if not name.endswith("_verified")
}
_PARTS = {**NOTE_CONTROLS, **CONTACT_CONTROLS}
_RENAMED = {name.replace("_", ".", 1): name for name in _PARTS}

TABS = tuple(
    Tab(
        slug,
        label,
        [*CARD_TABS.get(slug, {}), *{"address": CONTACT_CONTROLS, "notes": NOTE_CONTROLS}.get(slug, {})],
    )
    for slug, label in TAB_LABELS.items()
)


# How much of a row a field takes, where its kind does not say it well.
_REACHED = ("email", "phone", "mobile")
WIDTHS = {
    "currency": "medium",
    "invoice_due_days": "",
    **{f"{prefix}{way}": "medium" for prefix in ("", "contact_") for way in _REACHED},
}


def _beginning(user: User, rules: NewCardRules) -> Values:
    """What the form of a new card shows at first."""
    return {**rules.values, "currency": rules.currency, "reseller": user.reseller_id}


class CardForm(RecordForm):
    """The form of a new card, or of a card that was read (``reading``).

    A new card's form also takes a first contact; both take a note.
    """

    def __init__(self, user: User, data: QueryDict | None = None, *, reading: Reading | None = None) -> None:
        self.reading = reading
        parts = NOTE_CONTROLS if reading else _PARTS
        rules = None if reading else new_card_rules()
        super().__init__(
            {**CARD_FIELDS, **parts},
            data,
            values=_beginning(user, rules) if rules else (reading.present if reading else {}),
            choices=reference_choices(user, reading.customer if reading else None),
            optional=frozenset(parts),
        )
        if rules is not None and rules.currencies:
            self._offer(rules.currencies)

    def _offer(self, codes: tuple[str, ...]) -> None:
        widget = self.fields["currency"].widget
        if isinstance(widget, Select):
            widget.choices = [choice for choice in widget.choices if choice[0] in ("", *codes)]

    def card_values(self) -> dict[str, JSONValue]:
        """The card's fields as they were sent."""
        return {name: value for name, value in self.given().items() if name in CARD_FIELDS}

    def note(self) -> Values | None:
        """The note that was written, if any."""
        return self._part("note", required="text")

    def contact(self) -> Values | None:
        """The contact that was filled in, if any."""
        return self._part("contact")

    def refuse(self, refusal: Invalid | Conflict, renamed: Mapping[str, str] | None = None) -> None:
        super().refuse(refusal, {**_RENAMED, **(renamed or {})})

    def shown(self, name: str, value: JSONValue, context: Context) -> str:
        """A value of the card for people; a reference by its name."""
        field = CARD_FIELDS[name]
        if isinstance(field, ReferenceField):
            return str(dict(self.choices_of(name)).get(self.control(name).shown(value), value))
        try:
            return field.show(value, context)
        except (TypeError, ValueError):  # what was typed is no such value
            return str(value)

    def problems(self) -> list[dict[str, str]]:
        """Each field's error with its label and its tab, in the order of the tabs."""
        return [
            {
                "name": name,
                "label": str(self.fields[name].label),
                "tab": tab.slug,
                "message": str(self.errors[name][0]),
            }
            for tab in TABS
            for name in tab.fields
            if self.has_error(name)
        ]

    def choices_of(self, name: str) -> Choices:
        """The choices of a list."""
        return list(getattr(self.control(name).widget, "choices", ()))

    def _part(self, part: str, required: str = "") -> Values | None:
        prefix = f"{part}_"
        given = {
            name.removeprefix(prefix): value
            for name, value in self.given().items()
            if name.startswith(prefix) and name in _PARTS
        }
        said = [given.get(required)] if required else _said(given)
        return given if any(str(value or "").strip() for value in said) else None


def tab_of(name: str) -> str:
    """The slug of the tab on which a field stands."""
    return next(tab.slug for tab in TABS if name in tab.fields)


def merged(user: User, reading: Reading, sent: CardForm, mine: Values) -> CardForm:
    """A form that was sent too late, shown again: what was edited stays as typed, all else is as it is now."""
    form = CardForm(user, reading=reading)
    for name in form.fields:
        if name in mine or name in NOTE_CONTROLS:
            form.initial[name] = sent.typed(name)
    return form


def _said(contact: Values) -> list[Any]:
    return [value for name, value in contact.items() if name != "type"]


def reference_choices(user: User, customer: Customer | None) -> dict[str, Choices]:
    """Whom the user may name; also whoever is named already, who may be out of the user's sight."""
    resellers = {str(reseller.pk): reseller.name for reseller in visible_resellers(user)}
    managers = {str(manager.pk): str(manager) for manager in visible_users(user).filter(is_active=True)}
    if customer and customer.reseller:
        resellers.setdefault(str(customer.reseller_id), customer.reseller.name)
    if customer and customer.account_manager:
        managers.setdefault(str(customer.account_manager_id), str(customer.account_manager))
    own = [("", gettext("None: the operator’s own"))] if sees_everything(user) else []
    return {
        "reseller": [*own, *resellers.items()],
        "account_manager": [("", gettext("None")), *managers.items()],
    }
