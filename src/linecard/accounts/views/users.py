"""Setup › Users: the list, a new user, and what a user is."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linecard.accounts import actions, figures
from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.forms.people import NewPasswordForm, NewUserForm, TokenOfUserForm, UserForm
from linecard.accounts.models import Group, Reseller, User
from linecard.accounts.permissions import may, require
from linecard.accounts.queries import (
    confirmed_factor,
    living_sessions,
    living_tokens,
    managed_groups,
    managed_resellers,
    managed_users,
)
from linecard.accounts.scope import sees_everything
from linecard.accounts.tables import users_screen
from linecard.accounts.views.invitation import invitation_address
from linecard.accounts.views.pages import figures_of, on_page_of
from linecard.kernel.errors import Invalid, LinecardError, NotFound, Stale
from linecard.web.form_errors import show_errors
from linecard.web.grid import answer_query, list_page
from linecard.web.versions import version_of

# More than anybody has browsers.
MOST_SESSIONS = 50

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    """The grid of users, with its first rows."""
    reader = acting_in(request).user
    rows = managed_users(reader)
    return list_page(
        request, "accounts/users.html", users_screen(reader), rows, one="user", query="users-query"
    )


@require_POST
def query_users(request: HttpRequest) -> HttpResponse:
    """What the grid asks for."""
    reader = acting_in(request).user
    return answer_query(request, users_screen(reader).grid, managed_users(reader))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_user(request: HttpRequest) -> HttpResponse:
    """A new user: with a password, or with an invitation that the answer shows for the only time."""
    by = acting_in(request)
    require(by.user, "users", "create")
    form = NewUserForm(request.POST or None, reseller=_wanted_reseller(request, by), **_choices(by, None))
    if request.method == "POST" and form.is_valid():
        try:
            user = _create(form, by)
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            return _welcome(request, by, user, invited=form.password_given() is None)
    status = UNPROCESSABLE if form.errors else HTTPStatus.OK
    return render(request, "accounts/user_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@on_page_of("user")
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """What a user is; below it, how they come in."""
    by = acting_in(request)
    person = find_user(by, user_id)
    if request.method != "POST":
        return user_page(request, by, person)
    form = UserForm(request.POST, user=person, **_choices(by, person))
    if form.is_valid():
        try:
            _update(form, by, person, version_of(request))
        except Stale:
            return user_page(request, by, person, form=form, is_stale=True)
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            messages.success(
                request,
                gettext("{user} was saved.").format(user=form.cleaned_data["username"]),
            )
            return redirect("user", user_id)
    return user_page(request, by, person, form=form)


@require_POST
@on_page_of("user")
def deactivate_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """End a user's sessions and tokens, and let them in no more."""
    by = acting_in(request)
    user = actions.update_user(user_id=user_id, by=by, values={}, is_active=False)
    if user.pk == by.user.pk:
        logout(request)  # the session is gone, and nothing more can be told in it
        return redirect("sign-in")
    messages.success(
        request,
        gettext("{user} was deactivated: signed out everywhere, and no token works.").format(user=user),
    )
    return redirect("user", user_id)


@require_POST
@on_page_of("user")
def activate_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a user in again."""
    user = actions.update_user(user_id=user_id, by=acting_in(request), values={}, is_active=True)
    messages.success(request, gettext("{user} may sign in again.").format(user=user))
    return redirect("user", user_id)


def find_user(by: UserActor, user_id: int) -> User:
    """A user whom the acting one may see in Setup. Raises ``Forbidden`` and ``NotFound``."""
    found = managed_users(by.user).filter(pk=user_id).select_related("reseller").first()
    if found is None:
        raise NotFound(gettext("There is no such user."))
    return found


def user_page(
    request: HttpRequest,
    by: UserActor,
    person: User,
    *,
    form: UserForm | None = None,
    password: NewPasswordForm | None = None,
    token: TokenOfUserForm | None = None,
    new_token: str = "",
    invitation: str = "",
    is_stale: bool = False,
) -> HttpResponse:
    """The page of a user. ``new_token`` and the link ``invitation`` are shown this once."""
    is_own, may_open = person.pk == by.user.pk, _may_open(person, by)
    shown = form or UserForm(user=person, **_choices(by, person))
    if not may_open:
        for field in shown.fields.values():
            field.disabled = True
    context: dict[str, Any] = {
        "person": person,
        "form": shown,
        "is_stale": is_stale,
        "is_own": is_own,
        "may_change": may_open,
        "may_open": may_open and not is_own,
        "password": password or NewPasswordForm(),
        "token": token or TokenOfUserForm(),
        "tokens": living_tokens(person),
        "new_token": new_token,
        "invitation": invitation,
        "factor": confirmed_factor(person),
        "sessions": living_sessions(person)[:MOST_SESSIONS],
        "figures": figures_of(person, figures.of_users, by.user),
    }
    is_refused = is_stale or any(bound and bound.errors for bound in (form, password, token))
    return render(
        request, "accounts/user.html", context, status=UNPROCESSABLE if is_refused else HTTPStatus.OK
    )


def _may_open(person: User, by: UserActor) -> bool:
    try:
        actions.require_may_open(person, by)
    except LinecardError:
        return False
    return may(by.user, "users", "update")


def _choices(by: UserActor, person: User | None) -> dict[str, Any]:
    """The groups that may be given, with those that the user is in; the resellers to choose from."""
    groups: dict[int, Group] = {group.pk: group for group in managed_groups(by.user)}
    if not by.user.is_administrator:
        groups = {pk: group for pk, group in groups.items() if actions.may_grant(group, by.user)}
    if person is not None:
        groups |= {group.pk: group for group in person.groups.all()}
    ordered = sorted(groups.values(), key=lambda group: group.name_key)
    return {
        "groups": ordered,
        "resellers": list(managed_resellers(by.user)) if sees_everything(by.user) else None,
    }


def _wanted_reseller(request: HttpRequest, by: UserActor) -> Reseller | None:
    """The reseller whose page led here."""
    wanted = request.GET.get("reseller", "")
    known = wanted.isascii() and wanted.isdigit() and len(wanted) <= 18
    return managed_resellers(by.user).filter(pk=int(wanted)).first() if known else None


def _create(form: NewUserForm, by: UserActor) -> User:
    return actions.create_user(
        **form.values(),
        by=by,
        password=form.password_given(),
        reseller=form.chosen_reseller(),
        groups=form.chosen_groups(),
    )


def _welcome(request: HttpRequest, by: UserActor, user: User, *, invited: bool) -> HttpResponse:
    if not invited:
        messages.success(request, gettext("{user} was made, and can sign in.").format(user=user))
        return redirect("user", user.pk)
    link = actions.invite_user(user=user, by=by)
    return user_page(request, by, find_user(by, user.pk), invitation=invitation_address(request, link))


def _update(form: UserForm, by: UserActor, person: User, version: int) -> None:
    changes: dict[str, Any] = {"values": form.values(), "groups": form.chosen_groups()}
    if "reseller" in form.fields:
        changes["reseller"] = form.chosen_reseller()
    actions.update_user(user_id=person.pk, by=by, expected_version=version, **changes)
