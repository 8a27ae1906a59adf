"""One log line and one count for every request."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from linecard.web import metrics
from linecard.web.request_ids import begin_request

_log = logging.getLogger("linecard.access")

# What a request is reported as when the client went away before there was an answer (as nginx does).
CLIENT_GONE = 499

MAX_LOGGED_PATH = 200

SyncHandler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def observe_requests(get_response: SyncHandler | AsyncHandler) -> SyncHandler | AsyncHandler:
    """Give each request an id (``X-Request-ID``), measure it, and log it without query string or body."""
    if iscoroutinefunction(get_response):
        answer_later = cast(AsyncHandler, get_response)

        async def observe_async(request: HttpRequest) -> HttpResponseBase:
            observation = _Observation(request)
            try:
                response = await answer_later(request)
            except asyncio.CancelledError:
                observation.end(CLIENT_GONE)
                raise
            return observation.end_with(response)

        return observe_async

    answer = cast(SyncHandler, get_response)

    def observe(request: HttpRequest) -> HttpResponseBase:
        observation = _Observation(request)
        return observation.end_with(answer(request))

    return observe


class _Observation:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.request_id = begin_request(request.headers.get("X-Request-ID"))
        self.began = time.perf_counter()

    def end_with(self, response: HttpResponseBase) -> HttpResponseBase:
        response["X-Request-ID"] = self.request_id
        self.end(response.status_code)
        return response

    def end(self, status: int) -> None:
        seconds = time.perf_counter() - self.began
        route = _route(self.request)
        method = self.request.method or ""
        metrics.count_request(method=method, route=route, status=status, seconds=seconds)
        path = self.request.path[:MAX_LOGGED_PATH]
        milliseconds = round(seconds * 1000, 1)
        _log.log(
            logging.WARNING if status >= 500 else logging.INFO,
            "%s %s %d %s ms",
            method,
            path,
            status,
            milliseconds,
            extra={
                "method": method,
                "path": path,
                "route": route,
                "status": status,
                "duration_ms": milliseconds,
                "user_id": _user_id(self.request),
            },
        )


def _route(request: HttpRequest) -> str:
    """The route's name, of which there are few; never the path, of which there is no end."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    # the files middleware answers before any route is looked up
    return "static" if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/") else "unmatched"


def _user_id(request: HttpRequest) -> int | None:
    # only when the view has already looked the user up: a log line is not worth a query
    user = request.__dict__.get("_cached_user")
    return getattr(user, "pk", None)
