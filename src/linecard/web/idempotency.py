"""``Idempotency-Key``: a write that is sent twice happens once, and both times gets the same answer.

The key's row is written in the transaction of the write itself, so there is no moment at which one exists
without the other. A second request with the same key waits for the first one, then gets its stored answer
with ``Idempotent-Replayed: true``. Only successes are stored: an error has changed nothing, so a retry runs.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from ninja import NinjaAPI
from psycopg.errors import LockNotAvailable

from linecard.kernel.errors import FieldError
from linecard.web.json_bodies import FORM
from linecard.web.models import IdempotentResponse
from linecard.web.problems import problem, problem_of

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
# How long a duplicate waits for the first request before it is told to come back: less than any statement may take.
WAIT_SECONDS = 4

_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY = re.compile(r"[\x21-\x7e]{1,128}")

Operation = Callable[..., Any]


def install_idempotency(api: NinjaAPI) -> None:
    """Let every write of an API accept the header. Call it before routers are added.

    The API's authentication has to set ``request.user``.
    """
    api.add_decorator(_answering, mode="view")
    api.add_decorator(_once, mode="operation")
    api.add_exception_handler(_Answered, lambda _, answered: cast(_Answered, answered).response)


@dataclass(slots=True)
class _Claim:
    """One request's hold on its key: taken inside the operation, used when its answer is known.

    The transaction begins only after authentication, which may lock the token's row, and ends around the
    whole operation.
    """

    key: str
    body_hash: str
    row: IdempotentResponse | None = None
    begun: bool = False
    stack: ExitStack = field(default_factory=ExitStack)

    def begin(self) -> None:
        self.stack.enter_context(transaction.atomic())
        self.begun = True


class _Answered(Exception):
    """There is an answer already; the operation must not run."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def _answering(run: Operation) -> Operation:
    """Around the whole operation, where the finished answer is known."""
    if iscoroutinefunction(run):
        return run  # asynchronous operations only read: Django has no asynchronous transactions

    @wraps(run)
    def wrapped(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if key is None or request.method not in _METHODS:
            return cast(HttpResponseBase, run(request, *args, **values))
        if not _KEY.fullmatch(key):
            return problem(422, errors=[FieldError(HEADER, "Must be 1 to 128 visible ASCII characters.")])
        try:
            claim = _Claim(key, _body_hash(request))
        except (RequestDataTooBig, MultiPartParserError) as error:
            return problem_of(error)
        request.META[_CLAIM] = claim
        with claim.stack:
            response: HttpResponseBase = run(request, *args, **values)
            if claim.row is not None and response.streaming:
                claim.row.delete()  # a file is made while it is sent, so there is nothing to keep
            elif claim.row is not None and 200 <= response.status_code < 300:
                _store(claim.row, cast(HttpResponse, response))
            elif claim.begun:
                transaction.set_rollback(True)
        return response

    return wrapped


def keep_instead(response: HttpResponse, data: object) -> HttpResponse:
    """Let a repeated request be answered with this JSON value: the answer holds a secret, which is stored nowhere."""
    setattr(response, _KEPT, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())
    return response


def expect_pause(seconds: int) -> None:
    """Let the running operation be away from the database for so long.

    With a key it runs within one transaction, which otherwise ends when nothing is asked of it for a while. Not for
    operations that hold locks others wait for.
    """
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{int(seconds)}s'")


_CLAIM = "linecard.idempotency"
_KEPT = "linecard_kept"


def _body_hash(request: HttpRequest) -> str:
    """Keyed with our secret, because a body may hold a password that could be guessed from a plain hash."""
    if request.content_type != FORM:
        return _keyed(request.body)
    # programs make up a new boundary each time, so only what is between boundaries is the same in a repeated form
    if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        _ = request.body  # read now: an operation that takes no forms looks at it to say so
    fields = sorted(request.POST.lists())
    files = [(name, [_file_hash(one) for one in found]) for name, found in sorted(request.FILES.lists())]
    return _keyed(json.dumps([fields, files]).encode())


def _keyed(body: bytes) -> str:
    return salted_hmac("linecard.idempotency", body, algorithm="sha256").hexdigest()


def _file_hash(file: "UploadedFile[bytes]") -> tuple[str | None, str]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return file.name, digest.hexdigest()


def _once(view: Operation) -> Operation:
    """Around the view, where the user is known and the values have been found valid."""
    if iscoroutinefunction(view):
        return view

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **values: Any) -> Any:
        claim: _Claim | None = request.META.get(_CLAIM)
        if claim is not None:
            claim.begin()
            claim.row = _claimed(request, claim)
        return view(request, *args, **values)

    return wrapped


def _claimed(request: HttpRequest, claim: _Claim) -> IdempotentResponse:
    """The key's new row. Raises ``_Answered`` when there is one already."""
    row = IdempotentResponse(
        user_id=cast(int, request.user.pk),  # an operation runs for somebody
        key=claim.key,
        request=f"{request.method} {request.get_full_path()}",
        body_hash=claim.body_hash,
    )
    found = _insert_or_find(row)
    if found is None:
        raise _Answered(_come_back())
    if found.pk == row.pk:
        return row
    if (found.request, found.body_hash) != (row.request, row.body_hash):
        message = "This key was used for another request; use a new key for each new request."
        raise _Answered(problem(422, errors=[FieldError(HEADER, message)]))
    raise _Answered(_replayed(found))


def _insert_or_find(row: IdempotentResponse) -> IdempotentResponse | None:
    """Our row, or the one that was first; None when the first is still at work after ``WAIT_SECONDS``."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # the insert waits for another one of the same key until that is committed or rolled back
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
            IdempotentResponse.objects.bulk_create([row], ignore_conflicts=True)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return None
        raise
    return IdempotentResponse.objects.filter(user_id=row.user_id, key=row.key).first()


def _store(row: IdempotentResponse, response: HttpResponse) -> None:
    row.status = response.status_code
    row.headers = dict(response.items())
    row.body = getattr(response, _KEPT, response.content)
    row.save(update_fields=["status", "headers", "body"])


def _replayed(row: IdempotentResponse) -> HttpResponse:
    response = HttpResponse(bytes(row.body), status=row.status, headers=row.headers)
    response[REPLAYED] = "true"
    return response


def _come_back() -> HttpResponse:
    detail = "The first request with this key is still being carried out; send it again in a moment."
    response = problem(409, title="Still at work", detail=detail)
    response["Retry-After"] = "1"
    return response
