"""Whose request it is: sessions that are known by where they come from, and everybody's own time zone and language."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from linecard.accounts.models import User
from linecard.accounts.origin import address_of, agent_of, may_come_from
from linecard.accounts.sessions import SessionStore


class KnownSessions(SessionMiddleware):
    """Django's sessions, each with the address and the browser that it was seen from."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        _note_origin(request)


def guard_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let a session count only where its user may come from, and note that it was seen.

    Elsewhere it is as if there were none: the session itself stays, for the browser that it belongs to.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and not may_come_from(user, address_of(request)):
            request.session = SessionStore()
            _note_origin(request)
            request.user = AnonymousUser()
        elif isinstance(user, User) and isinstance(request.session, SessionStore):
            request.session.note_seen()
        return get_response(request)

    return middleware


def _note_origin(request: HttpRequest) -> None:
    if isinstance(request.session, SessionStore):
        request.session.address = address_of(request)
        request.session.agent = agent_of(request)


def use_own_time_zone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Render each page in the time zone of the user who asked for it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User):
            with timezone.override(ZoneInfo(request.user.time_zone)):
                return get_response(request)
        return get_response(request)

    return middleware


def use_own_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer in the language of the user who asks; where nobody is signed in, in one that the request prefers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        known = user.language if isinstance(user, User) else translation.get_language_from_request(request)
        with translation.override(known):
            return get_response(request)

    return middleware
