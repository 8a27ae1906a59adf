"""The web server: uvicorn, which open pages must not keep from stopping."""

import socket

import uvicorn


class Server(uvicorn.Server):
    """Ends the streams of open pages before it waits for requests that are still being answered."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from linecard.accounts.live import HUB  # only now: models need Django, which the application sets up

        HUB.close()
        await super().shutdown(sockets)
