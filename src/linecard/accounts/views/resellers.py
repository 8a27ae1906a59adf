"""Setup › Resellers. The operator's own staff alone come here."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linecard.accounts import actions, figures
from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.forms.people import ResellerForm
from linecard.accounts.models import Reseller, User
from linecard.accounts.permissions import may, require
from linecard.accounts.queries import managed_resellers
from linecard.accounts.scope import require_staff
from linecard.accounts.tables import resellers_screen
from linecard.accounts.views.pages import figures_of, on_page_of
from linecard.kernel.errors import Invalid, NotFound
from linecard.web.form_errors import show_errors
from linecard.web.grid import answer_query, list_page

MEMBERS_SHOWN = 200


@require_safe
def reseller_list(request: HttpRequest) -> HttpResponse:
    """The grid of resellers, with its first rows."""
    reader = _staff(request).user
    rows = managed_resellers(reader)
    screen = resellers_screen(reader)
    return list_page(
        request, "accounts/resellers.html", screen, rows, one="reseller", query="resellers-query"
    )


@require_POST
def query_resellers(request: HttpRequest) -> HttpResponse:
    """What the grid asks for."""
    reader = _staff(request).user
    return answer_query(request, resellers_screen(reader).grid, managed_resellers(reader))


@require_http_methods(["GET", "POST"])
def new_reseller(request: HttpRequest) -> HttpResponse:
    """A new reseller; its users follow."""
    by = _staff(request)
    require(by.user, "users", "create")
    form = ResellerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reseller = actions.create_reseller(**form.cleaned_data, by=by)
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            messages.success(
                request, gettext("{reseller} was made. Add its first user.").format(reseller=reseller)
            )
            return redirect("reseller", reseller.pk)
    return _page(request, form, None, by)


@require_http_methods(["GET", "POST"])
@on_page_of("reseller")
def reseller(request: HttpRequest, reseller_id: int) -> HttpResponse:
    """A reseller's name, its users, and what is counted of it."""
    by = _staff(request)
    found = managed_resellers(by.user).filter(pk=reseller_id).first()
    if found is None:
        raise NotFound(gettext("There is no such reseller."))
    form = ResellerForm(
        request.POST if request.method == "POST" else None,
        initial={"name": found.name, "reply_to": found.reply_to},
    )
    if form.is_bound and form.is_valid():
        try:
            renamed = actions.update_reseller(reseller_id=found.pk, **form.cleaned_data, by=by)
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            messages.success(request, gettext("{reseller} was saved.").format(reseller=renamed))
            return redirect("reseller", reseller_id)
    return _page(request, form, found, by)


def _staff(request: HttpRequest) -> UserActor:
    by = acting_in(request)
    require_staff(by.user)
    return by


def _page(request: HttpRequest, form: ResellerForm, found: Reseller | None, by: UserActor) -> HttpResponse:
    may_change = may(by.user, "users", "update" if found else "create")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    members = found.members.order_by("username_key") if found else User.objects.none()
    context = {
        "form": form,
        "reseller": found,
        "may_change": may_change,
        "members": members[:MEMBERS_SHOWN],
        "member_count": members.count(),
        "figures": figures_of(found, figures.of_resellers, by.user) if found else (),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/reseller.html", context, status=status)
