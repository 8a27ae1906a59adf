"""Answers that are sent while they are made, so that they are never whole in memory."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header


def streamed_file(
    request: HttpRequest, portions: Iterator[bytes], *, content_type: str, file_name: str
) -> StreamingHttpResponse:
    """A file to be downloaded under that name."""
    # an asynchronous server would collect what comes from a plain iterator before it sends any of it
    contents = _later(portions) if isinstance(request, ASGIRequest) else portions
    disposition = content_disposition_header(as_attachment=True, filename=file_name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return StreamingHttpResponse(contents, content_type=content_type, headers=headers)


async def _later(portions: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (portion := await sync_to_async(_next)(portions)) is not None:
        yield portion


def _next(portions: Iterator[bytes]) -> bytes | None:
    try:
        return next(portions, None)
    finally:
        connections.close_all()  # the portion may be read slowly: see linecard.web.lent_connections
