"""Choosing a password with a link, whatever the link is of."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from linecard.accounts.forms.factors import ChoosePasswordForm
from linecard.accounts.models import User
from linecard.accounts.origin import address_of
from linecard.kernel.errors import Invalid, NotFound
from linecard.web.form_errors import show_errors


class SavePassword(Protocol):
    """Uses a link up. Raises ``NotFound`` and ``Invalid``."""

    def __call__(self, *, link: str, password: str, address: str | None) -> User: ...


def choose_password(
    request: HttpRequest, page: str, *, owner_of: Callable[[str], User], save: SavePassword
) -> HttpResponse:
    """The page of a link: who its owner is and two fields, or why it opens nothing any more."""
    link = request.POST.get("link") or request.GET.get("link", "")
    try:
        owner = owner_of(link)
        form = ChoosePasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                save(link=link, password=form.cleaned_data["new"], address=address_of(request))
            except Invalid as refusal:
                show_errors(form, refusal, {"password": "new"})
            else:
                messages.success(request, gettext("Your password is set. Sign in with it."))
                return redirect("sign-in")
    except NotFound as refusal:
        return render(request, page, {"refusal": refusal.detail}, status=HTTPStatus.NOT_FOUND)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, page, {"form": form, "owner": owner, "link": link}, status=status)
