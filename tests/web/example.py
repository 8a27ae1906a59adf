"""A small site on top of the web room: one API and a few pages, enough to try what is around them."""

import asyncio
from typing import Literal

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from ninja import File, Form, NinjaAPI, Router, Schema, Status, UploadedFile
from ninja.security import HttpBearer
from pydantic import ConfigDict

from linecard.accounts.actions.tokens import authenticate_token
from linecard.accounts.models import Reseller, User
from linecard.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from linecard.web.api_mount import api_urls
from linecard.web.idempotency import install_idempotency
from linecard.web.problems import install_problem_handlers
from linecard.web.strict_parameters import install_strict_parameters


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = authenticate_token(token)
        if found is None:
            return None
        request.user = found.user
        return found.user


class Thing(Schema):
    model_config = ConfigDict(extra="forbid")

    name: str
    channels: int | None = None
    kind: Literal["big", "small"] = "small"


class Things(Schema):
    model_config = ConfigDict(extra="forbid")

    things: list[Thing]


router = Router()


@router.post("things", response={201: Thing})
def make_thing(request: HttpRequest, thing: Thing, response: HttpResponse) -> Status[Thing]:
    """Makes a reseller of that name, so that there is something to count."""
    if thing.name == "broken":
        Reseller.objects.create(name=thing.name, name_key=thing.name)
        raise RuntimeError("password=hunter2")
    Reseller.objects.create(name=thing.name, name_key=thing.name)
    response["ETag"] = f'"{thing.name}-1"'
    response["Location"] = f"/api/things/{thing.name}"
    return Status(201, thing)


@router.post("many-things", response=int)
def make_many(request: HttpRequest, things: Things) -> int:
    return len(things.things)


@router.post("files", response={201: list[str | int]})
def keep_file(request: HttpRequest, label: Form[str], file: File[UploadedFile]) -> Status[list[str | int]]:
    """Makes a reseller of the file's name."""
    name = str(file.name)
    Reseller.objects.create(name=name, name_key=name)
    return Status(201, [label, name, sum(len(chunk) for chunk in file.chunks())])


@router.get("things", response=list[str])
def list_things(request: HttpRequest, limit: int = 10, search: str = "") -> list[str]:
    return list(Reseller.objects.values_list("name", flat=True)[:limit])


ERRORS = {
    "invalid": Invalid({"debit_limit": "Must be a decimal number."}),
    "forbidden": Forbidden("Only an administrator may do this."),
    "not-found": NotFound(),
    "conflict": Conflict("This customer is archived."),
    "stale": Stale("Somebody changed this customer."),
    "http404": Http404("secret detail"),
    "denied": PermissionDenied(),
    "unexpected": RuntimeError("secret detail"),
}


@router.get("errors/{kind}")
def fail(request: HttpRequest, kind: str) -> None:
    raise ERRORS[kind]


api = NinjaAPI(auth=Bearer(), urls_namespace="example", docs_url=None, openapi_url=None)
install_problem_handlers(api)
install_strict_parameters(api)
install_idempotency(api)
api.add_router("", router)


@login_not_required
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    return HttpResponse("a page")


@login_not_required
def cached(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page", headers={"Cache-Control": "public, max-age=5"})


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("token=hunter2")


@login_not_required
async def later(request: HttpRequest) -> HttpResponse:
    return HttpResponse("an asynchronous page")


@login_not_required
async def gone(request: HttpRequest) -> HttpResponse:
    raise asyncio.CancelledError


urlpatterns = [
    path("", include("linecard.accounts.urls")),
    path("", include("linecard.web.urls")),
    path("api/", api_urls(api)),
    path("page", page, name="page"),
    path("page/<str:name>", page, name="named-page"),
    path("cached", cached, name="cached"),
    path("broken", broken, name="broken"),
    path("later", later, name="later"),
    path("gone", gone, name="gone"),
]
