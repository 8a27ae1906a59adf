"""Setup › Groups: what their members may do. The operator's own staff alone come here."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linecard.accounts import actions
from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.forms.people import GroupForm
from linecard.accounts.models import Group, User
from linecard.accounts.permissions import may, require
from linecard.accounts.queries import managed_groups
from linecard.accounts.scope import require_staff
from linecard.accounts.tables import groups_screen
from linecard.accounts.views.pages import on_page_of
from linecard.kernel.errors import Invalid, NotFound, Stale
from linecard.web.form_errors import show_errors
from linecard.web.grid import answer_query, list_page
from linecard.web.versions import version_of

MEMBERS_SHOWN = 200


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The grid of groups, with its first rows."""
    rows = managed_groups(_staff(request).user)
    return list_page(
        request, "accounts/groups.html", groups_screen(), rows, one="group", query="groups-query"
    )


@require_POST
def query_groups(request: HttpRequest) -> HttpResponse:
    """What the grid asks for."""
    return answer_query(request, groups_screen().grid, managed_groups(_staff(request).user))


@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    """A new group."""
    by = _staff(request)
    require(by.user, "users", "create")
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            group = actions.create_group(
                name=form.cleaned_data["name"], permissions=form.permissions(), by=by
            )
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            messages.success(request, gettext("The group {group} was made.").format(group=group))
            return redirect("group", group.pk)
    return _page(request, form, None, may_change=True)


@require_http_methods(["GET", "POST"])
@on_page_of("group")
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """What a group permits, and who is in it."""
    by = _staff(request)
    found = managed_groups(by.user).filter(pk=group_id).first()
    if found is None:
        raise NotFound(gettext("There is no such group."))
    may_change = (
        may(by.user, "users", "update") and actions.may_grant(found, by.user) and not found.everything
    )
    form = GroupForm(request.POST if request.method == "POST" else None, group=found)
    if form.is_bound and form.is_valid():
        try:
            _update(form, found, by, version_of(request))
        except Stale:
            form.add_error(
                None,
                gettext("Somebody changed this group since you opened it. Open it again, then change it."),
            )
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            messages.success(
                request,
                gettext("The group {group} was saved.").format(group=form.cleaned_data["name"]),
            )
            return redirect("group", group_id)
    return _page(request, form, found, may_change=may_change)


@require_POST
@on_page_of("group")
def delete_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """Delete a group that nobody is in."""
    actions.delete_group(group_id=group_id, by=_staff(request))
    messages.success(request, gettext("The group was deleted."))
    return redirect("groups")


def _staff(request: HttpRequest) -> UserActor:
    by = acting_in(request)
    require_staff(by.user)
    return by


def _update(form: GroupForm, found: Group, by: UserActor, version: int) -> None:
    actions.update_group(
        group_id=found.pk,
        name=form.cleaned_data["name"],
        permissions=form.permissions(),
        by=by,
        expected_version=version,
    )


def _page(request: HttpRequest, form: GroupForm, found: Group | None, *, may_change: bool) -> HttpResponse:
    if not may_change:
        form.fields["name"].disabled = True
    members = found.members.order_by("username_key") if found else User.objects.none()
    context = {
        "form": form,
        "group": found,
        "may_change": may_change,
        "members": members[:MEMBERS_SHOWN],
        "member_count": members.count(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/group.html", context, status=status)
