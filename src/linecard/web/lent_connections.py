"""Database connections come back before an answer is sent: whoever reads it slowly must not keep one from others."""

from typing import Any

from asgiref.sync import sync_to_async
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from django.db import connections


class LentConnections:
    """A Django application whose requests give their connections back when their answers begin.

    Django itself keeps them until the last byte is sent. What is made while it is sent borrows one again, and gives it
    back after each portion (``linecard.web.streaming``).
    """

    def __init__(self, application: Any) -> None:  # Django's has types of its own
        self.application: ASGI3Application = application

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Serve one connection."""

        async def send_with_none(message: ASGISendEvent) -> None:
            if message["type"] == "http.response.start":
                await sync_to_async(connections.close_all)()  # in the request's own thread, which holds them
            await send(message)

        await self.application(scope, receive, send_with_none)
