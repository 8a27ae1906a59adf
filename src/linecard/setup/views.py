"""Setup › Settings."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linecard.accounts.actor import acting_in
from linecard.accounts.origin import guessing_address_of
from linecard.accounts.permissions import may
from linecard.accounts.views.choosing import choose_password
from linecard.delivery.outcome import Accepted, Outcome
from linecard.kernel.errors import Conflict, Invalid, Stale
from linecard.setup.actions import change_settings
from linecard.setup.forms import SettingsForm
from linecard.setup.queries import current_settings, visible_settings
from linecard.setup.resetting import ask_for_link, forgotten_page, reset_password, user_of_link
from linecard.setup.trying import send_test_email, send_test_sms
from linecard.web.refusals import sentences
from linecard.web.versions import version_of


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """All settings, in tabs."""
    by = acting_in(request)
    current = visible_settings(by.user)
    may_change = may(by.user, "settings", "update")
    form = SettingsForm(current, request.POST if request.method == "POST" else None, may_change=may_change)
    is_stale = False
    if form.is_bound:
        try:
            change_settings(form.given(), by=by, expected_version=version_of(request))
        except Stale:
            is_stale = True
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("The settings were saved. They hold at once."))
            return redirect("settings")
    context = {
        "form": form,
        "tabs": form.tabs(),
        "sections": form.sections(),
        "version": current.version,
        "may_change": may_change,
        "is_stale": is_stale,
        "own_email": by.user.email,
    }
    failed = is_stale or form.errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "setup/settings.html", context, status=status)


@require_POST
def test_email(request: HttpRequest) -> HttpResponse:
    """Send a test email by what is saved, and tell what the server says."""
    return _tried(request, send_test_email)


@require_POST
def test_sms(request: HttpRequest) -> HttpResponse:
    """Send a test SMS by what is saved, and tell what the service says."""
    return _tried(request, send_test_sms)


def _tried(request: HttpRequest, send: Callable[..., Outcome]) -> HttpResponse:
    try:
        outcome = send(request.POST.get("to", ""), by=acting_in(request))
    except (Invalid, Conflict) as refusal:
        context = {"is_accepted": False, "words": sentences(refusal)}
    else:
        context = {"is_accepted": isinstance(outcome, Accepted), "words": outcome.words}
    return render(request, "setup/tried.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose another password. The answer is the same, whoever there is."""
    if not forgotten_page():
        return redirect("sign-in")
    name = request.POST.get("name", "").strip()
    is_asked = request.method == "POST" and bool(name)
    if is_asked:
        base_url = current_settings()["web.public_url"] or request.build_absolute_uri("/")
        ask_for_link(name, address=guessing_address_of(request) or "", base_url=base_url)
    return render(request, "setup/password_forgotten.html", {"is_asked": is_asked})


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Choose another password with a link, once."""
    return choose_password(request, "setup/password_reset.html", owner_of=user_of_link, save=reset_password)
