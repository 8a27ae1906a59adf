"""Signing in and out."""

from datetime import timedelta
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linecard.accounts import actions
from linecard.accounts.actor import acting_in
from linecard.accounts.entrance import let_in, wait_for_code, waiting_user, wanted_page
from linecard.accounts.forgotten import forgotten_page
from linecard.accounts.forms.factors import CodeForm
from linecard.accounts.forms.own import SignInForm
from linecard.accounts.models import MAX_USERNAME_KEY_LENGTH, User
from linecard.accounts.origin import address_of, guessing_address_of, may_come_from
from linecard.accounts.queries import confirmed_factor
from linecard.kernel.clock import now
from linecard.kernel.names import name_key

# Checking a password takes 100 MB of memory and all of a processor, on purpose. So many at once, and whoever floods the
# page with guesses leaves the others room to work.
_password_checks = BoundedSemaphore(4)
_LONGEST_WAIT_SECONDS = 2.0


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password; lead on to the page that was wanted."""
    if "HX-Request" in request.headers:
        return _leave_partial(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, password = name_key(form.cleaned_data["username"]), form.cleaned_data["password"]
        if not _password_checks.acquire(timeout=_LONGEST_WAIT_SECONDS):
            form.add_error(None, gettext("Too many people sign in at this moment. Try again."))
            return _sign_in_page(request, form, status=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            user = _checked(request, username, password)
        finally:
            _password_checks.release()
        if user is None:
            form.add_error(None, gettext("The user name or the password is wrong."))
        elif not may_come_from(user, address_of(request)):
            actions.note_refused_sign_in(user=user, address=address_of(request))
            form.add_error(
                None, gettext("You may not sign in from this address. An administrator can change that.")
            )
        elif confirmed_factor(user) is not None:
            wait_for_code(request, user, wanted=_wanted(request))
            return redirect("sign-in-code")
        else:
            let_in(request, user)
            return HttpResponseRedirect(_wanted(request))
    elif request.user.is_authenticated:
        return HttpResponseRedirect(_wanted(request))
    return _sign_in_page(request, form)


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor, after the password."""
    user = waiting_user(request)
    if user is None:
        messages.info(request, gettext("That took too long, or something has changed. Sign in again."))
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    verdict = None
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        verdict = actions.check_code(user=user, code=code, address=address_of(request))
        if verdict.accepted:
            wanted = wanted_page(request)
            let_in(request, user, note=verdict.note)
            return HttpResponseRedirect(wanted)
        if verdict.closed_for is None:
            form.add_error("code", gettext("This code is wrong, or was used already."))
    form.focus()
    if verdict is None or verdict.closed_for is None:
        return render(request, "accounts/sign_in_code.html", {"form": form})
    context = {"form": form, "minutes_closed": _minutes(verdict.closed_for)}
    page = render(request, "accounts/sign_in_code.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    page["Retry-After"] = _seconds(verdict.closed_for)
    return page


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """What a sign-in meets after too many wrong passwords: how long it stays closed."""
    wait = _closed_for(request, (credentials or {}).get("username", ""))
    form = SignInForm(initial={"username": request.POST.get("username", "")})
    status = HTTPStatus.TOO_MANY_REQUESTS
    page = _sign_in_page(request, form, status=status, minutes_closed=_minutes(wait))
    page["Retry-After"] = _seconds(wait)
    return page


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    actions.note_sign_out(by=acting_in(request))
    logout(request)
    messages.info(request, gettext("You are signed out."))
    return redirect("sign-in")


def _sign_in_page(
    request: HttpRequest, form: SignInForm, *, status: int = HTTPStatus.OK, **context: object
) -> HttpResponse:
    form.focus("password" if form.is_bound and "username" not in form.errors else "username")
    given = {"form": form, "next": request.POST.get("next") or request.GET.get("next", ""), **context}
    given["forgotten_page"] = forgotten_page()
    return render(request, "accounts/sign_in.html", given, status=status)


def _checked(request: HttpRequest, username: str, password: str) -> User | None:
    """The user of that folded name and that password, if there is one; else the trail tells of it.

    While the name is closed for this address nothing is told: the trail never forgets, and must not be filled.
    """
    if len(username) > MAX_USERNAME_KEY_LENGTH:
        return None
    was_open = AxesProxyHandler.is_allowed(request, {"username": username})
    user = authenticate(request, username=username, password=password)
    if user is None and was_open:
        is_closed = bool(getattr(request, "axes_locked_out", False))
        actions.note_failed_sign_in(username=username, address=address_of(request), closed=is_closed)
    return user


def _minutes(wait: timedelta) -> int:
    return max(-(-wait // timedelta(minutes=1)), 1)


def _seconds(wait: timedelta) -> str:
    return str(max(int(wait.total_seconds()), 1))


def _wanted(request: HttpRequest) -> str:
    """The page to go to after sign-in: the one that was asked for, if it is ours; else the first page."""
    address = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else resolve_url("/")


def _leave_partial(request: HttpRequest) -> HttpResponse:
    """Part of a page was asked for after the session had ended: send the whole page to sign-in."""
    back = request.headers.get("HX-Current-URL", "")
    address = f"{reverse('sign-in')}?{urlencode({'next': back})}" if back else reverse("sign-in")
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})


def _closed_for(request: HttpRequest, username: str) -> timedelta:
    """How long the name stays closed for this address, counted from the last try that was let through."""
    cool_off = get_cool_off(request) or timedelta()
    address = guessing_address_of(request)
    attempts = AccessAttempt.objects.filter(username=username, ip_address=address)
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return max(last + cool_off - now(), timedelta()) if last else cool_off
