"""Setting up one's own second factor, and taking it off."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from linecard.accounts import actions
from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.forms.factors import ConfirmForm, ProofForm
from linecard.accounts.one_time_codes import picture, provisioning_address
from linecard.accounts.queries import confirmed_factor, secret_to_confirm
from linecard.kernel.errors import Conflict, Invalid
from linecard.web.form_errors import show_errors


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a secret for the user's app, and show it."""
    try:
        actions.begin_second_factor(user=acting_in(request).user)
    except Conflict as refusal:
        messages.error(request, refusal.detail)
    return redirect("account-second-factor")


@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """The picture for the app and the question for its first code; or what can be done with the factor there is."""
    return _page(request)


@sensitive_post_parameters()
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for codes from now on. The answer shows the recovery codes, for the only time."""
    form = ConfirmForm(request.POST)
    return _codes(request, form, lambda by: actions.confirm_second_factor(by=by, **form.cleaned_data))


@sensitive_post_parameters()
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes. The answer shows them, for the only time."""
    form = ProofForm(request.POST)
    return _codes(request, form, lambda by: actions.renew_recovery_codes(by=by, **form.cleaned_data))


@sensitive_post_parameters()
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Take the second factor off."""
    form = ProofForm(request.POST)
    if form.is_valid():
        try:
            actions.drop_own_second_factor(by=acting_in(request), **form.cleaned_data)
        except Invalid as refusal:
            show_errors(form, refusal)
        except Conflict as refusal:
            messages.error(request, refusal.detail)
            return redirect("account")
        else:
            messages.success(
                request, gettext("The second factor is off. Sign-in asks for the password only.")
            )
            return redirect("account")
    return _page(request, form)


def _codes(request: HttpRequest, form: ProofForm, make: Callable[[UserActor], list[str]]) -> HttpResponse:
    if form.is_valid():
        try:
            codes = make(acting_in(request))
        except Invalid as refusal:
            show_errors(form, refusal)
        except Conflict as refusal:
            messages.error(request, refusal.detail)
            return redirect("account-second-factor")
        else:
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
    return _page(request, form)


def _page(request: HttpRequest, form: ProofForm | None = None) -> HttpResponse:
    user = acting_in(request).user
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    factor = confirmed_factor(user)
    if factor is not None:
        context = {"factor": factor, "form": form or ProofForm()}
        return render(request, "accounts/second_factor.html", context, status=status)
    secret = secret_to_confirm(user)
    if secret is None:
        return redirect("account")
    address = provisioning_address(secret, user.username)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {"picture": picture(address), "secret": " ".join(groups), "form": form or ConfirmForm()}
    return render(request, "accounts/second_factor_set_up.html", context, status=status)
