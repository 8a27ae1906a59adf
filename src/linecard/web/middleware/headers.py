"""The headers that keep a page's content to itself, on every answer."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

SyncHandler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

_SOURCES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
)
CONTENT_SECURITY_POLICY = "; ".join(_SOURCES)

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

HSTS = "max-age=31536000"  # a year, in seconds


@sync_and_async_middleware
def secure_headers(get_response: SyncHandler | AsyncHandler) -> SyncHandler | AsyncHandler:
    """Add the security headers, and ``no-store`` to whatever does not say itself how it may be cached.

    Cookies that are given over TLS come back over TLS only.
    """
    if iscoroutinefunction(get_response):
        answer_later = cast(AsyncHandler, get_response)

        async def secure_async(request: HttpRequest) -> HttpResponseBase:
            return _secured(request, await answer_later(request))

        return secure_async

    answer = cast(SyncHandler, get_response)

    def secure(request: HttpRequest) -> HttpResponseBase:
        return _secured(request, answer(request))

    return secure


def _secured(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(
            name, value
        )  # a page that shows somebody's HTML says itself what that may do
    # static files and documentation pictures say how long they keep; all else may show customers' data
    response.headers.setdefault("Cache-Control", "private, no-store")
    if request.is_secure():
        response.headers.setdefault("Strict-Transport-Security", HSTS)
        # decided here, not by a setting: the same server is reached without TLS on its own machine
        for cookie in response.cookies.values():
            cookie["secure"] = True
    return response
