"""How numbers are shown and which zone holds, the same all through a request."""

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from linecard.kernel.regional import regional_kept

SyncHandler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def keep_regional(get_response: SyncHandler | AsyncHandler) -> SyncHandler | AsyncHandler:
    """Read what is set at most once, and only for an answer that shows something of it."""
    if iscoroutinefunction(get_response):
        answer_later = cast(AsyncHandler, get_response)

        async def keep_async(request: HttpRequest) -> HttpResponseBase:
            with regional_kept():
                return await answer_later(request)

        return keep_async

    answer = cast(SyncHandler, get_response)

    def keep(request: HttpRequest) -> HttpResponseBase:
        with regional_kept():
            return answer(request)

    return keep
