"""The stream of changes that open pages read."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from linecard.accounts import live
from linecard.accounts.models import User
from linecard.accounts.origin import address_of
from linecard.accounts.sessions import SessionStore
from linecard.web.live import CONTENT_TYPE

_COME_AGAIN_SECONDS = 30


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events for as long as the page is open: see ``linecard.web.live``."""
    user, session = request.user, request.session
    if not isinstance(user, User) or not isinstance(session, SessionStore) or session.row_id is None:
        raise TypeError("nobody is signed in")
    if not isinstance(request, ASGIRequest):
        return HttpResponse(
            status=204
        )  # such a server sends an answer when it is whole, which this one never is
    ticket = live.Ticket(session.row_id, user.pk, user.get_session_auth_hash(), address_of(request))
    if not live.HUB.has_room(ticket):
        return HttpResponse(status=503, headers={"Retry-After": str(_COME_AGAIN_SECONDS)})
    # a reverse proxy, too, must send what there is
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "private, no-store"}
    messages = live.HUB.messages(ticket, live.audience_of(user))
    return StreamingHttpResponse(messages, content_type=CONTENT_TYPE, headers=headers)
