"""The page on which the cards of one account manager are given to another."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import visible_users
from linecard.customers.actions import hand_over_cards
from linecard.customers.forms.handing_over import HandOverForm
from linecard.customers.queries import cards_of_manager, get_manager
from linecard.kernel.errors import Invalid, NotFound
from linecard.kernel.regional import shown_number
from linecard.web.form_errors import show_errors


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, user_id: int) -> HttpResponse:
    """How many cards somebody is in charge of, and whom they shall be given to."""
    by = acting_in(request)
    require(by.user, "customers", "update")
    manager = _manager(by.user, user_id)
    others = visible_users(by.user).filter(is_active=True).exclude(pk=manager.pk)
    form = HandOverForm(request.POST if request.method == "POST" else None, others=others)
    if form.is_bound and form.is_valid():
        try:
            if _done(request, by, manager, form.to_id):
                return redirect(reverse("customers:list"))
        except Invalid as refusal:
            show_errors(form, refusal)
    cards = cards_of_manager(by.user, manager.pk)
    number, archived = cards.count(), cards.exclude(archived_at=None).count()
    context = {"form": form, "manager": manager, "number": number, "archived": archived}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "customers/hand_over.html", context, status=status)


def _done(request: HttpRequest, by: UserActor, manager: User, to_id: int | None) -> bool:
    """Hand over; tells what was done, and gives whether all of it was."""
    done = hand_over_cards(manager_id=manager.pk, to_id=to_id, by=by)
    to = visible_users(by.user).filter(pk=to_id).first() if to_id else None
    messages.success(
        request,
        gettext("Handed over from {manager} to {to}: {cards}.").format(
            manager=manager, to=to or gettext("nobody"), cards=_cards(done.changed)
        ),
    )
    if done.kept:
        kept = gettext("Left with {manager}, because {to} is not of their reseller: {cards}.").format(
            manager=manager, to=to, cards=_cards(done.kept)
        )
        messages.warning(request, kept)
    if done.remaining:
        messages.warning(
            request, gettext("Still to be handed over: {cards}. Go on.").format(cards=_cards(done.remaining))
        )
    return not done.remaining


def _cards(number: int) -> str:
    return ngettext("{number} card", "{number} cards", number).format(number=shown_number(number))


def _manager(user: User, user_id: int) -> User:
    try:
        return get_manager(user, user_id)
    except NotFound as error:
        raise Http404 from error
