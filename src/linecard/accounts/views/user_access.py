"""Setup › Users: how somebody else comes in. One's own ways in are on one's own account page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from linecard.accounts import actions
from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.forms.people import NewPasswordForm, TokenOfUserForm
from linecard.accounts.models import User
from linecard.accounts.queries import living_tokens
from linecard.accounts.views.invitation import invitation_address
from linecard.accounts.views.pages import on_page_of
from linecard.accounts.views.users import find_user, user_page
from linecard.kernel.errors import Conflict, Invalid, NotFound
from linecard.web.form_errors import show_errors


@require_POST
@on_page_of("user")
def invite(request: HttpRequest, user_id: int) -> HttpResponse:
    """Make a link with which the user chooses a password. The answer shows it, for the only time."""
    by, person = _others(request, user_id)
    link = actions.invite_user(user=person, by=by)
    return user_page(request, by, person, invitation=invitation_address(request, link))


@sensitive_post_parameters()
@require_POST
@on_page_of("user")
def give_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give the user a new password; their sessions end."""
    by, person = _others(request, user_id)
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        try:
            actions.set_password(user=person, password=form.cleaned_data["new_password"], by=by)
        except Invalid as refusal:
            show_errors(form, refusal, {"password": "new_password"})
        else:
            messages.success(
                request,
                gettext("{person} has a new password, and is signed out everywhere.").format(person=person),
            )
            return redirect("user", user_id)
    return user_page(request, by, person, password=form)


@require_POST
@on_page_of("user")
def take_factor_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let somebody in without the second factor that they lost."""
    by, person = _others(request, user_id)
    actions.drop_second_factor(user=person, by=by)
    messages.success(
        request,
        gettext("{person} signs in with the password alone until they set up a second factor anew.").format(
            person=person
        ),
    )
    return redirect("user", user_id)


@require_POST
@on_page_of("user")
def sign_out(request: HttpRequest, user_id: int) -> HttpResponse:
    """End all sessions of the user."""
    by, person = _others(request, user_id)
    actions.sign_out_everywhere(user=person, by=by)
    messages.success(request, gettext("{person} is signed out everywhere.").format(person=person))
    return redirect("user", user_id)


@require_POST
@on_page_of("user")
def end_session(request: HttpRequest, user_id: int, session_id: int) -> HttpResponse:
    """End one session of the user."""
    by, person = _others(request, user_id)
    actions.end_session(user=person, session_id=session_id, by=by)
    messages.success(request, gettext("{person} is signed out in that browser.").format(person=person))
    return redirect("user", user_id)


@require_POST
@on_page_of("user")
def make_token(request: HttpRequest, user_id: int) -> HttpResponse:
    """Make an API token of the user. The answer shows it, for the only time."""
    by, person = _others(request, user_id)
    form = TokenOfUserForm(request.POST)
    if not form.is_valid():
        return user_page(request, by, person, token=form)
    try:
        _, secret = actions.create_token(user=person, by=by, **form.cleaned_data)
    except Invalid as refusal:
        show_errors(form, refusal)
        return user_page(request, by, person, token=form)
    return user_page(request, by, person, new_token=secret)


@require_POST
@on_page_of("user")
def revoke_token(request: HttpRequest, user_id: int, token_id: int) -> HttpResponse:
    """Make a token of the user useless."""
    by, person = _others(request, user_id)
    token = living_tokens(person).filter(pk=token_id).first()
    if token is None:
        raise NotFound(gettext("There is no such token."))
    actions.revoke_token(token=token, by=by)
    messages.success(
        request, gettext("The token {beginning}… was revoked.").format(beginning=token.beginning)
    )
    return redirect("user", user_id)


def _others(request: HttpRequest, user_id: int) -> tuple[UserActor, User]:
    by = acting_in(request)
    person = find_user(by, user_id)
    if person.pk == by.user.pk:
        # whoever finds a browser open must not get around the questions that are asked there
        raise Conflict(gettext("Your own password, sessions and tokens are on your account’s page."))
    return by, person
