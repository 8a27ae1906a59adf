"""Saved views: list, make, read, change, delete."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StrictBool, StrictInt, StrictStr

from linecard.accounts.api_auth import calling
from linecard.accounts.models import User
from linecard.kernel.errors import Invalid
from linecard.saved_views.actions import create_view, delete_view, update_view
from linecard.saved_views.models import MAX_NAME, MAX_QUERY, SavedView
from linecard.saved_views.queries import get_changed_view, get_view, visible_views
from linecard.saved_views.spelling import spell_view
from linecard.web.answers import PageParameters, demanded_version, json_answer, no_content, page_of
from linecard.web.api_document import described
from linecard.web.grid.places import place_names
from linecard.web.schemas import Given, Moment, Told, page_schema

router = Router(tags=["Saved views"])

Name = Annotated[StrictStr, Field(min_length=1, max_length=MAX_NAME)]
QueryText = Annotated[
    StrictStr,
    Field(
        max_length=MAX_QUERY,
        description="The parameters of the page's address that make the view.",
        examples=["status=active&sort=-updated_at"],
    ),
]
Shared = Annotated[
    StrictBool,
    Field(description="Seen by everybody on your side: the operator's staff, or your reseller's users."),
]
Default = Annotated[StrictBool, Field(description="Your own page opens with it.")]
DefaultForAll = Annotated[
    StrictBool,
    Field(
        description="The page opens with it for all on your side who chose none; for who may change users."
    ),
]


class NewView(Given):
    """A view to be saved."""

    grid: StrictStr = Field(max_length=40, description="Whose page it is of, such as `customers`.")
    name: Name
    query: QueryText = ""
    shared: Shared = False
    default: Default = False
    default_for_all: DefaultForAll = False


class ViewChange(Given):
    """Parts of a view; those left out stay."""

    name: Name = ""
    query: QueryText = ""
    shared: Shared = False
    default: Default = False
    default_for_all: DefaultForAll = False


class Owner(Told):
    """Who saved it."""

    id: StrictInt
    name: StrictStr


class View(Told):
    """A saved view, as you see it."""

    id: StrictInt
    grid: StrictStr
    name: StrictStr
    query: StrictStr
    address: StrictStr = Field(description="Opens it; can be sent to others when it is shared.")
    shared: StrictBool
    owner: Owner
    own: StrictBool
    changeable: StrictBool = Field(description="Whether you may change and delete it.")
    default: StrictBool
    default_for_all: StrictBool
    created_at: Moment
    updated_at: Moment


Views = page_schema("Views", View)


class ViewList(PageParameters):
    """Which views are wanted."""

    grid: str | None = Field(default=None, max_length=40, description="Only of this grid's page.")


@router.get("/views", response=Views, summary="List views")
def list_views(request: HttpRequest, wanted: Query[ViewList]) -> HttpResponse:
    """Your own and those shared on your side, of the grids that you may see."""
    user = calling(request).user
    if wanted.grid is not None and wanted.grid not in place_names():
        raise Invalid({"grid": gettext("There is no such grid.")})
    return page_of(visible_views(user, wanted.grid), wanted, lambda view: spell_view(view, user))


@router.post(
    "/views",
    response={201: View},
    summary="Save a view",
    openapi_extra=described(etag=201, location=True),
)
def save_view(request: HttpRequest, payload: NewView) -> HttpResponse:
    """What a page shows, under a name. It is yours alone until it is shared."""
    by = calling(request)
    values = payload.given()
    view = create_view(grid=values.pop("grid"), values=values, by=by)
    return _answer(request, view.pk, 201, {"Location": f"{request.path}/{view.pk}"})


@router.get("/views/{int:view_id}", response=View, summary="Read a view", openapi_extra=described(etag=200))
def read_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """One of those that you see."""
    return _answer(request, view_id)


@router.patch(
    "/views/{int:view_id}",
    response=View,
    summary="Change a view",
    openapi_extra=described(etag=200, if_match=True),
)
def change_view(request: HttpRequest, view_id: int, payload: ViewChange) -> HttpResponse:
    """Only its owner, or who may change users on the same side. Your own default you choose yourself.

    Whoever stops the sharing of somebody else's view is answered what it was, and does not see it any more.
    """
    by = calling(request)

    def present() -> int | None:
        return visible_views(by.user).filter(pk=view_id).values_list("version", flat=True).first()

    expected = demanded_version(request, view_id, present)
    update_view(view_id=view_id, values=payload.given(), by=by, expected_version=expected)
    return _told(get_changed_view(by.user, view_id), by.user)


@router.delete("/views/{int:view_id}", response={204: None}, summary="Delete a view")
def remove_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Only its owner, or who may change users on the same side."""
    delete_view(view_id=view_id, by=calling(request))
    return no_content()


def _answer(
    request: HttpRequest, view_id: int, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    user = calling(request).user
    return _told(get_view(user, view_id), user, status, headers)


def _told(
    view: SavedView, user: User, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    return json_answer(spell_view(view, user), status, {"ETag": view.etag, **(headers or {})})
