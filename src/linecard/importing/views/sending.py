"""Choosing a file, and taking it in piece by piece. The pieces come from a script, so these answers are JSON."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from linecard.accounts.actor import UserActor, acting_in
from linecard.accounts.permissions import require
from linecard.importing import actions
from linecard.importing.models import Upload
from linecard.importing.queries import get_upload
from linecard.importing.target import target_named, target_names
from linecard.importing.views.pages import steps_at
from linecard.kernel.errors import LinecardError, NotFound
from linecard.web.problems import problem, problem_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class NewFile(BaseModel):
    """What is known of a file before its first piece; ``size`` is in bytes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    target: str
    file_name: str = Field(max_length=1000)
    size: int


def telling_problems(view: View[P]) -> View[P]:
    """Answer what is refused with a problem, for the script that has asked."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LinecardError as error:
            return problem_of(error)

    return answer


@require_http_methods(["GET", "POST"])
def new_upload(request: HttpRequest) -> HttpResponse:
    """The page that takes a file; a POST announces one and is told where its pieces go."""
    return _begin(request) if request.method == "POST" else _page(request)


@require_POST
@telling_problems
def piece(request: HttpRequest, upload_id: int, number: int) -> HttpResponse:
    """Take one piece, counted from 0."""
    actions.receive_piece(upload_id=upload_id, number=number, content=request.body, by=acting_in(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
@telling_problems
def finish(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The whole file is there: look into it, and say where it is shown."""
    upload = _finished(upload_id, acting_in(request))
    return JsonResponse({"url": reverse("importing:upload", args=[upload.pk])})


@require_POST
@telling_problems
def abandon(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Forget a file that shall not come after all."""
    actions.discard_upload(upload_id=upload_id, by=acting_in(request))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _page(request: HttpRequest) -> HttpResponse:
    require(acting_in(request).user, "uploads", "create")
    target = target_named(request.GET.get("target") or target_names()[0])
    if target is None:
        raise Http404
    return render(request, "importing/new.html", {"target": target, "steps": steps_at(0)})


@telling_problems
def _begin(request: HttpRequest) -> HttpResponse:
    require(acting_in(request).user, "uploads", "create")
    try:
        file = NewFile.model_validate_json(request.body)
    except ValidationError as error:
        return problem(
            422,
            detail=gettext("The file cannot be announced so: {errors}.").format(
                errors=error.errors()[0]["msg"]
            ),
        )
    upload = actions.begin_upload(
        target=file.target,
        file_name=file.file_name,
        size=file.size,
        by=acting_in(request),
        max_bytes=settings.MAX_UPLOAD_BYTES,
    )
    # the first piece is 0: a script puts the number of each in its place
    pieces = reverse("importing:piece", args=[upload.pk, 0]).removesuffix("0/")
    addresses = {name: reverse(f"importing:{name}", args=[upload.pk]) for name in ("finish", "abandon")}
    return JsonResponse({"pieces": pieces, **addresses}, status=HTTPStatus.CREATED)


def _finished(upload_id: int, by: UserActor) -> Upload:
    try:
        return actions.finish_upload(upload_id=upload_id, by=by)
    except NotFound:
        return get_upload(by.user, upload_id)  # the same was asked before, and the answer was lost on its way
