"""What the audit log says of cards and what hangs on them."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_noop

from linecard.audit.models import AuditEntry
from linecard.audit.subjects import Line, Names, Subject, register
from linecard.customers.actions.cards import SUBJECT
from linecard.customers.bulk_work.starting import SUBJECT as WORK
from linecard.customers.history import rows_by_entry
from linecard.customers.models import BulkWork, Customer
from linecard.customers.queries import search_cards


def register_subjects() -> None:
    """Called when the program starts."""
    register(
        Subject(
            type=WORK, label=gettext_noop("Work on many customers"), names=_works, page="customers:bulk-work"
        )
    )
    register(
        Subject(
            type=SUBJECT,
            label=gettext_noop("Customer"),
            names=_names,
            page="customers:card",
            find=lambda text: search_cards(Customer.objects.all(), text).values("pk"),
            lines=_lines,
        )
    )


def _names(ids: Iterable[int]) -> Names:
    return dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))


def _works(ids: Iterable[int]) -> Names:
    return {work.pk: f"{work} (job {work.pk})" for work in BulkWork.objects.filter(pk__in=ids)}


def _lines(entries: Sequence[AuditEntry]) -> Mapping[int, list[Line]]:
    """As on the card's own history: labels, amounts in the card's currency, names behind ids."""
    return {
        entry_id: [Line(row.label, row.old_shown, row.new_shown) for row in rows if row.field]
        for entry_id, rows in rows_by_entry(entries).items()
    }
