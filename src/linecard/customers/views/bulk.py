"""Many cards at once from the Customers page: the dialog of the bulk edit, and what it would do."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import require
from linecard.customers.actions import plan_bulk_edit
from linecard.customers.bulk_work.fields import BULK_FIELDS
from linecard.customers.bulk_work.preview import preview_edit
from linecard.customers.bulk_work.spelling import spell_job
from linecard.customers.bulk_work.starting import begin_edit
from linecard.customers.bulk_work.work import begin_here
from linecard.customers.forms.bulk import TAG_VERBS, BulkForm, portal_sections
from linecard.customers.forms.moments import MomentForm
from linecard.customers.queries import known_tags
from linecard.customers.selecting import cards_sent
from linecard.customers.showing import field_label
from linecard.kernel.clock import write_moment
from linecard.kernel.errors import Forbidden, Invalid
from linecard.web.problems import problem_of

_LATER = "later"


@require_safe
def edit_form(request: HttpRequest) -> HttpResponse:
    """The dialog's form."""
    user = acting_in(request).user
    require(user, "customers", "update")
    context = {
        "form": BulkForm(user),
        "moments": _moments(request),
        "known_tags": known_tags(user),
        "tag_verbs": TAG_VERBS,
        "sections": portal_sections(),
    }
    return render(request, "customers/bulk/form.html", context)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the form as it stands would do to the selected cards."""
    by = acting_in(request)
    require(by.user, "customers", "update")
    form = BulkForm(by.user, request.POST)
    changes = form.changes()
    if not changes:
        return render(request, "customers/bulk/preview.html", {"is_empty": True})
    try:
        found = preview_edit(cards_sent(request, by.user), changes=changes, by=by)
        at = _moments(request).moment() if _LATER in request.POST else None
    except Invalid as refusal:
        return render(request, "customers/bulk/preview.html", {"problems": _told(refusal, form)})
    return render(request, "customers/bulk/preview.html", {"preview": found, "at": at})


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the edit, and answer its job; or plan it, and answer when it will be."""
    by = acting_in(request)
    form = BulkForm(by.user, request.POST)
    try:
        cards, changes = cards_sent(request, by.user), form.changes()
        if _LATER in request.POST:
            run_at = _moments(request).moment()
            change = plan_bulk_edit(cards, values=changes, run_at=run_at, by=by)
            return JsonResponse({"planned": write_moment(change.run_at)}, status=HTTPStatus.ACCEPTED)
        work = begin_here(begin_edit(cards, changes=changes, by=by))
    except (Invalid, Forbidden) as refusal:
        return problem_of(refusal)
    return JsonResponse(spell_job(work), status=HTTPStatus.ACCEPTED)


def _moments(request: HttpRequest) -> MomentForm:
    return MomentForm(request.POST or None, prefix=_LATER, legend=gettext_noop("Change them after"))


def _told(refusal: Invalid, form: BulkForm) -> list[str]:
    """Each error as a sentence with the label of its field; of text that cannot be read what the control says."""
    told = []
    for error in refusal.errors:
        read = form.errors.get(error.field)
        message = str(read[0]) if read else error.message
        told.append(f"{field_label(error.field)}: {message}" if error.field in BULK_FIELDS else message)
    return told
