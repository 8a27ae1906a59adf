"""A user's own account page."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linecard.accounts import actions
from linecard.accounts.actor import acting_in
from linecard.accounts.forms.own import PasswordForm, ProfileForm, TokenForm
from linecard.accounts.models import User
from linecard.accounts.queries import confirmed_factor, living_sessions, living_tokens
from linecard.kernel.errors import Invalid, NotFound
from linecard.web.form_errors import show_errors

# More than anybody has browsers; who signs in by a program should use a token.
MOST_SESSIONS = 50


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """A user's own name, email and time zone; their password, API tokens and sessions."""
    user = _own(request)
    form = ProfileForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_own_profile(user=user, by=acting_in(request), **form.cleaned_data)
        except Invalid as refusal:
            show_errors(form, refusal)
        else:
            messages.success(request, gettext("Your account was saved."))
            return redirect("account")
    return _account_page(request, profile=form)


@sensitive_post_parameters()
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: all other sessions end, this one stays."""
    user = _own(request)
    form = PasswordForm(request.POST)
    if form.is_valid():
        current, new = form.cleaned_data["current"], form.cleaned_data["new"]
        try:
            actions.change_own_password(current=current, new=new, by=acting_in(request))
        except Invalid as refusal:
            show_errors(form, refusal, {"password": "new"})
        else:
            user.refresh_from_db()
            update_session_auth_hash(request, user)
            messages.success(request, gettext("Your password was changed. Your other sessions have ended."))
            return redirect("account")
    return _account_page(request, password=form)


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make an API token of one's own. The answer shows it, for the only time."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, token=form)
    try:
        _, secret = actions.create_token(user=_own(request), by=acting_in(request), **form.cleaned_data)
    except Invalid as refusal:
        show_errors(form, refusal)
        return _account_page(request, token=form)
    return _account_page(request, new_token=secret)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one of one's own tokens useless."""
    token = get_object_or_404(living_tokens(_own(request)), pk=pk)
    actions.revoke_token(token=token, by=acting_in(request))
    messages.success(
        request, gettext("The token {beginning}… was revoked.").format(beginning=token.beginning)
    )
    return redirect("account")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign oneself out in another browser."""
    try:
        actions.end_session(user=_own(request), session_id=pk, by=acting_in(request))
    except NotFound as refusal:
        messages.info(request, refusal.detail)
    else:
        messages.success(request, gettext("That browser is signed out."))
    return redirect("account")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all of the user's sessions, this one too."""
    actions.sign_out_everywhere(user=_own(request), by=acting_in(request))
    logout(request)
    messages.info(request, gettext("You are signed out everywhere."))
    return redirect("sign-in")


def _account_page(
    request: HttpRequest,
    *,
    profile: ProfileForm | None = None,
    password: PasswordForm | None = None,
    token: TokenForm | None = None,
    new_token: str = "",
) -> HttpResponse:
    user = _own(request)
    forms = {
        "profile": profile or ProfileForm(user=user),
        "password": password or PasswordForm(),
        "token": token or TokenForm(),
    }
    context = {
        **forms,
        "tokens": living_tokens(user),
        "new_token": new_token,
        "factor": confirmed_factor(user),
        "sessions": living_sessions(user)[:MOST_SESSIONS],
    }
    is_refused = any(form.errors for form in forms.values())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "accounts/account.html", context, status=status)


def _own(request: HttpRequest) -> User:
    return acting_in(request).user
