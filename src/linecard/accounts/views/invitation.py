"""The page on which somebody who was invited chooses their password."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linecard.accounts import actions
from linecard.accounts.views.choosing import choose_password


def invitation_address(request: HttpRequest, link: str) -> str:
    """The whole address to hand to who is invited. Its secret part is in the query, which no log keeps."""
    return request.build_absolute_uri(f"{reverse('invitation')}?{urlencode({'link': link})}")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Choose a password with the link of an invitation, once."""
    return choose_password(
        request,
        "accounts/invitation.html",
        owner_of=actions.invited_user,
        save=actions.accept_invitation,
    )
