"""Groups: list, make, read, change, delete."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linecard.accounts import actions
from linecard.accounts.api import schemas
from linecard.accounts.api.lookups import get_group
from linecard.accounts.api.spelling import Json, spell_group
from linecard.accounts.api_auth import calling
from linecard.accounts.queries import managed_groups
from linecard.accounts.scope import in_scope, sees_everything
from linecard.web.answers import PageParameters, json_answer, no_content, page_of
from linecard.web.api_document import described

router = Router(tags=["Groups"])


@router.get("/groups", response=schemas.Groups, summary="List groups")
def list_groups(request: HttpRequest, wanted: Query[PageParameters]) -> HttpResponse:
    """By name. A reseller's user sees those that they may give to others."""
    caller = calling(request).user
    seen = Q() if sees_everything(caller) else Q(members__reseller=caller.reseller)
    groups = managed_groups(caller).annotate(user_count=Count("members", filter=seen))
    return page_of(groups, wanted, _spell_counted)


@router.post(
    "/groups",
    response={201: schemas.Group},
    summary="Make a group",
    openapi_extra=described(location=True),
)
def create_group(request: HttpRequest, payload: schemas.NewGroup) -> HttpResponse:
    """Only the operator's staff may, and nobody permits more than they may do themselves."""
    by = calling(request)
    group = actions.create_group(name=payload.name, permissions=payload.permissions, by=by)
    return json_answer(
        spell_group(group, group.members.count()), 201, {"Location": f"{request.path}/{group.pk}"}
    )


@router.get("/groups/{int:group_id}", response=schemas.Group, summary="Read a group")
def read_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """What it permits, and how many are in it."""
    caller = calling(request).user
    group = get_group(caller, group_id)
    return json_answer(spell_group(group, in_scope(group.members.all(), caller).count()))


@router.patch("/groups/{int:group_id}", response=schemas.Group, summary="Change a group")
def change_group(request: HttpRequest, group_id: int, payload: schemas.GroupChange) -> HttpResponse:
    """What its members may do changes at once. The administrators' group stays as it is."""
    by = calling(request)
    group = actions.update_group(group_id=group_id, by=by, **payload.given())
    return json_answer(spell_group(group, group.members.count()))


@router.delete("/groups/{int:group_id}", response={204: None}, summary="Delete a group")
def remove_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """One that nobody is in, and that was not there from the start."""
    actions.delete_group(group_id=group_id, by=calling(request))
    return no_content()


def _spell_counted(group: Any) -> Json:
    return spell_group(group, group.user_count)
