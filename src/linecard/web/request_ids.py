"""The id that ties log lines, answers and problem reports of one request together."""

import re
import uuid
from contextvars import ContextVar

# A proxy's own id is kept when it is harmless in a log line and in a header.
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request being answered in this context, or an empty string outside of requests."""
    return _current.get()


def begin_request(given: str | None) -> str:
    """Take the given id if it is acceptable, else make one, and remember it for this context."""
    request_id = given if given and _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
    _current.set(request_id)
    return request_id
