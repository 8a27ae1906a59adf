"""The page on which somebody who was invited chooses their password."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linecard.accounts import actions
from linecard.accounts.forms.factors import ChoosePasswordForm
from linecard.accounts.models import User
from linecard.accounts.origin import address_of
from linecard.kernel.errors import Invalid, NotFound
from linecard.web.form_errors import show_errors


def invitation_address(request: HttpRequest, link: str) -> str:
    """The whole address to hand to who is invited. Its secret part is in the query, which no log keeps."""
    return request.build_absolute_uri(f"{reverse('invitation')}?{urlencode({'link': link})}")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Choose a password with the link of an invitation, once."""
    link = request.POST.get("link") or request.GET.get("link", "")
    try:
        return _choose(request, link, actions.invited_user(link))
    except NotFound as refusal:
        context = {"refusal": refusal.detail}
        return render(request, "accounts/invitation.html", context, status=HTTPStatus.NOT_FOUND)


def _choose(request: HttpRequest, link: str, user: User) -> HttpResponse:
    form = ChoosePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new"]
        try:
            actions.accept_invitation(link=link, password=password, address=address_of(request))
        except Invalid as refusal:
            show_errors(form, refusal, {"password": "new"})
        else:
            messages.success(request, gettext("Your password is set. Sign in with it."))
            return redirect("sign-in")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "invited": user, "link": link}
    return render(request, "accounts/invitation.html", context, status=status)
