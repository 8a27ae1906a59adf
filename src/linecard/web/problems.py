"""Errors of the API as ``application/problem+json`` (RFC 9457), whatever raised them.

``install_problem_handlers(api)`` makes a NinjaAPI speak them. Each body holds ``type``, ``title``,
``status``, ``detail``, the ``request_id`` to look for in the log, and for wrong values
``errors: [{field, message}]`` where ``field`` is the path in the JSON that was sent (``debit_limit``,
``contacts.0.email``; an operation takes its body as one parameter).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext, gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from linecard.kernel.errors import FieldError, Invalid, LinecardError
from linecard.web.json_bodies import MalformedBody, StrictParser, UnsupportedBody
from linecard.web.request_ids import current_request_id

_log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
MAX_FIELD_LENGTH = 200  # an unknown field is named as it was sent
MAX_ERRORS = 100  # more than a person reads; a huge body must not make a huge answer

_TITLES = {
    400: gettext_noop("The request cannot be read"),
    401: gettext_noop("Sign in first"),
    403: gettext_noop("Not allowed"),
    404: gettext_noop("Not found"),
    405: gettext_noop("This address does not take that method"),
    409: gettext_noop("Not possible now"),
    412: gettext_noop("Changed in the meantime"),
    413: gettext_noop("The request is too large"),
    415: gettext_noop("The body is not of a supported type"),
    422: gettext_noop("Some values are not valid"),
    429: gettext_noop("Too many requests"),
    500: gettext_noop("Something went wrong"),
    503: gettext_noop("Too busy"),
}

_DETAILS = {
    401: gettext_noop("Send 'Authorization: Bearer <token>' with a valid token."),
    403: gettext_noop("Your account may not do this."),
    404: gettext_noop("There is nothing at this address, or it is not yours to see."),
    413: gettext_noop("Send a smaller body."),
    500: gettext_noop("The error has been logged under the request id. Trying again may help."),
    503: gettext_noop("This took too long, or others are at the same data. Try again in a moment."),
}


def problem(
    status: int, *, title: str = "", detail: str = "", errors: Iterable[FieldError] = ()
) -> HttpResponse:
    """A problem as a response. Title and detail are the status's own where none is given.

    The title is translated here: the kernel's errors, which know no Django, bring theirs as they are written.
    """
    title = gettext(title or _TITLES.get(status) or HTTPStatus(status).phrase)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or gettext(_DETAILS.get(status, "")) or f"{title}.",
    }
    if listed := [{"field": error.field, "message": error.message} for error in errors]:
        body["errors"] = listed[:MAX_ERRORS]
    if request_id := current_request_id():
        body["request_id"] = request_id
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Linecard"'
    return response


def problem_of(error: Exception) -> HttpResponse:
    """The problem that tells of an error; one that nobody expected is logged and told without details."""
    for kind, tell in _TELLERS:
        if isinstance(error, kind):
            return tell(error)
    _log.error("Unexpected error", exc_info=error)
    return problem(500)


def install_problem_handlers(api: NinjaAPI) -> None:
    """Let an API answer every error with a problem, and read bodies and queries strictly."""
    api.parser = StrictParser()

    def handle(_: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return problem_of(cast(Exception, error))

    # the last one stands for all; the others are named because NinjaAPI brings its own handlers for them
    for kind in (ValidationError, HttpError, Http404, Exception):
        api.add_exception_handler(kind, handle)


def _tell_linecard_error(error: LinecardError) -> HttpResponse:
    errors = error.errors if isinstance(error, Invalid) else ()
    detail = "" if errors else error.detail
    return problem(error.status, title=error.title, detail=detail, errors=errors)


def _tell_validation_error(error: ValidationError) -> HttpResponse:
    errors = [_field_error(found) for found in error.errors[:MAX_ERRORS]]
    return problem(422, errors=errors)


def _tell_http_error(error: HttpError) -> HttpResponse:
    cause = error.__cause__  # the body's parser can only say why through this
    if isinstance(cause, (LinecardError, MalformedBody, UnsupportedBody)):
        return problem_of(cause)
    return problem(error.status_code, detail=error.message)


def _tell_busy(error: OperationalError) -> HttpResponse:
    """The database could not do it in time: a lock, a limit, or no connection left."""
    _log.error("The database did not answer in time", exc_info=error)
    response = problem(503)
    response["Retry-After"] = "1"
    return response


def _tell_throttled(error: Throttled) -> HttpResponse:
    response = problem(429, detail=gettext("Slow down, then try again."))
    if error.wait is not None:
        response["Retry-After"] = str(error.wait)
    return response


_TELLERS: Sequence[tuple[type[Exception], Callable[[Any], HttpResponse]]] = (
    (LinecardError, _tell_linecard_error),
    (ValidationError, _tell_validation_error),
    (MalformedBody, lambda error: problem(400, detail=str(error))),
    (UnsupportedBody, lambda error: problem(415, detail=str(error))),
    (AuthenticationError, lambda _: problem(401)),
    (Throttled, _tell_throttled),
    (HttpError, _tell_http_error),
    (Http404, lambda _: problem(404)),
    (PermissionDenied, lambda error: problem(403, detail=str(error))),
    (RequestDataTooBig, lambda _: problem(413)),
    (MultiPartParserError, lambda error: problem(400, detail=f"The form cannot be read: {error}")),
    (SuspiciousOperation, lambda _: problem(400)),
    (OperationalError, _tell_busy),
)


def _field_error(found: dict[str, Any]) -> FieldError:
    location = [str(part) for part in found["loc"]]
    # ("body", "payload", "debit_limit"): where it was, the view's parameter, then the path in the JSON
    # ("query", "limit"), ("form", "target"), ("file", "file"): where it was, then the parameter's own name
    path = location[2:] if location[0] == "body" else location[1:]
    return FieldError(".".join(path)[:MAX_FIELD_LENGTH] or location[0], _message(found))


_MESSAGES = {
    "missing": gettext_noop("This is required."),
    "extra_forbidden": gettext_noop("There is no such field."),
    "model_attributes_type": gettext_noop("Must be an object."),
    "model_type": gettext_noop("Must be an object."),
    "dict_type": gettext_noop("Must be an object."),
}


def _message(found: dict[str, Any]) -> str:
    if known := _MESSAGES.get(found["type"]):
        return gettext(known)
    text = str(found["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    text = text.replace("Input should be", "Must be", 1)
    return text if text.endswith((".", "!", "?")) else f"{text}."
