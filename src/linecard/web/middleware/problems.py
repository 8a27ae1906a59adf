"""The API's errors from outside the API: no route, no such method, a body Django refused to read."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from linecard.kernel.errors import FieldError
from linecard.web.problems import CONTENT_TYPE, problem

SyncHandler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

API_PREFIXES = ("/api/", "/switch/")

# What a client may need to repair its request.
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


@sync_and_async_middleware
def tell_problems(get_response: SyncHandler | AsyncHandler) -> SyncHandler | AsyncHandler:
    """Turn every error under the API's addresses into a problem, and refuse NUL characters in any address."""
    if iscoroutinefunction(get_response):
        answer_later = cast(AsyncHandler, get_response)

        async def tell_async(request: HttpRequest) -> HttpResponseBase:
            return _refusal(request) or _told(request, await answer_later(request))

        return tell_async

    answer = cast(SyncHandler, get_response)

    def tell(request: HttpRequest) -> HttpResponseBase:
        return _refusal(request) or _told(request, answer(request))

    return tell


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, that expects JSON whatever happens."""
    return request.path.startswith(API_PREFIXES)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    # PostgreSQL cannot hold U+0000, so no address with one names anything, and no search can find one
    part = "path" if "\0" in request.path else "query" if "\0" in unquote(_query(request)) else ""
    if not part:
        return None
    message = "Must not contain NUL characters."
    if is_api(request):
        return problem(422, errors=[FieldError(part, message)])
    return HttpResponse(f"The address's {part}: {message}", status=400, content_type="text/plain")


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code < 400 or not is_api(request):
        return response
    if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    told = problem(response.status_code)
    for name in _KEPT_HEADERS:
        if name in response.headers:
            told[name] = response[name]
    return told
