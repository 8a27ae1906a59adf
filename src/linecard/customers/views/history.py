"""Who changed what on a card."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from linecard.accounts.audit_log import DOORS
from linecard.audit.models import AuditEntry
from linecard.customers.fields import CARD_TABS
from linecard.customers.forms.card import TAB_LABELS
from linecard.customers.history import HistoryRow, history_rows, visible_history
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of

PER_PAGE = 50

# What can be asked for besides a field of the card: the beginnings of the actions' names.
GROUPS = {
    "contacts": (gettext_noop("Contacts"), (gettext_noop("contact."),)),
    "notes": (gettext_noop("Notes"), (gettext_noop("note."),)),
    "clis": (gettext_noop("Approved CLIs"), (gettext_noop("cli."),)),
    "pending": (gettext_noop("Pending changes"), (gettext_noop("change."),)),
    "life": (
        gettext_noop("Made, deleted, restored"),
        (
            gettext_noop("customer.created"),
            gettext_noop("customer.archived"),
            gettext_noop("customer.restored"),
        ),
    ),
}

ACTIONS = {
    "customer.created": gettext_noop("made the card"),
    "customer.updated": gettext_noop("changed"),
    "customer.archived": gettext_noop("deleted the card"),
    "customer.restored": gettext_noop("restored the card"),
    "contact.added": gettext_noop("added a contact"),
    "contact.updated": gettext_noop("changed a contact"),
    "contact.deleted": gettext_noop("removed a contact"),
    "note.added": gettext_noop("wrote a note"),
    "note.updated": gettext_noop("changed a note"),
    "note.deleted": gettext_noop("removed a note"),
    "cli.added": gettext_noop("approved a CLI"),
    "cli.updated": gettext_noop("changed an approved CLI"),
    "cli.deleted": gettext_noop("withdrew an approved CLI"),
    "change.planned": gettext_noop("planned a change"),
    "change.cancelled": gettext_noop("cancelled a planned change"),
    "change.held": gettext_noop("held a planned change"),
    "change.failed": gettext_noop("failed to apply a planned change"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the trail: who did what, and the fields that it changed."""

    first: HistoryRow
    rows: list[HistoryRow]

    @property
    def what(self) -> str:
        """The action in words."""
        return gettext(ACTIONS.get(self.first.action, self.first.action))

    @property
    def names(self) -> bool:
        """Whether the note is no more than the name of the contact or the number of the CLI."""
        return self.first.action.startswith(("contact.", "cli."))

    @property
    def door(self) -> str:
        """Through what it was done."""
        return gettext(DOORS.get(self.first.via, self.first.via))


@require_safe
@of_visible_card
def of_card(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The history of a card, newest first, of all fields or of one."""
    customer = card_of(request, customer_id)
    wanted = request.GET.get("field", "")
    entries = _about(visible_history(customer, user_of(request)), wanted)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    rows = history_rows(customer, page, user_of(request))
    context: dict[str, Any] = {
        "page": page,
        "events": [_event(list(group), wanted) for _, group in groupby(rows, key=lambda row: row.entry_id)],
        "wanted": wanted,
        "fields": [(gettext(TAB_LABELS[slug]), list(tab.values())) for slug, tab in CARD_TABS.items()],
        "groups": [(key, gettext(label)) for key, (label, _) in GROUPS.items()],
    }
    return card_page(request, "customers/card/history.html", customer, "history", context)


def _about(entries: QuerySet[AuditEntry], wanted: str) -> QuerySet[AuditEntry]:
    """The entries about one field of the card, or about one group of its parts."""
    if wanted in GROUPS:
        wishes = Q()
        for beginning in GROUPS[wanted][1]:
            wishes |= Q(action__startswith=beginning)
        return entries.filter(wishes)
    return entries.filter(changes__has_key=wanted) if wanted else entries


def _event(rows: list[HistoryRow], wanted: str) -> Event:
    """The entry with the fields that are wanted."""
    told = [row for row in rows if row.field and (wanted in ("", row.field) or wanted in GROUPS)]
    return Event(rows[0], told)
