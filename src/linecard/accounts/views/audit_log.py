"""Setup › Information › Audit log: who did what, when, from where, from what to what."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.audit_log import DOORS, audit_grid, audit_screen, subject_in_words, visible_entries
from linecard.audit.models import AuditEntry
from linecard.audit.subjects import lines_of, names_of, page_of, what_was_done
from linecard.kernel.errors import NotFound
from linecard.web.database import the_one
from linecard.web.grid import answer_query, list_page


@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """The grid of entries, with its first rows."""
    rows = _entries(request)
    return list_page(
        request, "accounts/audit_log.html", audit_screen(), rows, one="audit-entry", query="audit-query"
    )


@require_POST
def query_audit_log(request: HttpRequest) -> HttpResponse:
    """What the grid asks for."""
    return answer_query(request, audit_grid(), _entries(request))


@require_safe
def audit_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with all that it tells."""
    try:
        entry = the_one(_entries(request).filter(pk=entry_id), gettext_noop("entry"))
    except NotFound as error:
        raise Http404 from error
    names = names_of([(entry.subject_type, entry.subject_id)])
    is_there = (entry.subject_type, entry.subject_id) in names
    context = {
        "entry": entry,
        "what": what_was_done(entry.action),
        "subject": subject_in_words(entry, names),
        "subject_url": page_of(entry.subject_type, entry.subject_id) if is_there else "",
        "lines": lines_of([entry])[entry.pk],
        "door": gettext(DOORS.get(entry.via, entry.via)),
    }
    return render(request, "accounts/audit_entry.html", context)


def _entries(request: HttpRequest) -> QuerySet[AuditEntry]:
    return visible_entries(acting_in(request).user)
