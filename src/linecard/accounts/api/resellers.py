"""Resellers: list, make, read, rename."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linecard.accounts import actions
from linecard.accounts.api import schemas
from linecard.accounts.api.lookups import get_reseller
from linecard.accounts.api.spelling import Json, spell_reseller
from linecard.accounts.api_auth import calling
from linecard.accounts.queries import managed_resellers
from linecard.web.answers import PageParameters, json_answer, page_of
from linecard.web.api_document import described

router = Router(tags=["Resellers"])


@router.get("/resellers", response=schemas.Resellers, summary="List resellers")
def list_resellers(request: HttpRequest, wanted: Query[PageParameters]) -> HttpResponse:
    """By name. A reseller's user sees their own."""
    resellers = managed_resellers(calling(request).user).annotate(user_count=Count("members"))
    return page_of(resellers, wanted, _spell_counted)


@router.post(
    "/resellers",
    response={201: schemas.Reseller},
    summary="Make a reseller",
    openapi_extra=described(location=True),
)
def create_reseller(request: HttpRequest, payload: schemas.NewReseller) -> HttpResponse:
    """Put users into it, and give it customers: those are all that its users see."""
    reseller = actions.create_reseller(**payload.given(), by=calling(request))
    return json_answer(spell_reseller(reseller, 0), 201, {"Location": f"{request.path}/{reseller.pk}"})


@router.get("/resellers/{int:reseller_id}", response=schemas.Reseller, summary="Read a reseller")
def read_reseller(request: HttpRequest, reseller_id: int) -> HttpResponse:
    """Its name, and how many users belong to it."""
    reseller = get_reseller(calling(request).user, reseller_id)
    return json_answer(spell_reseller(reseller, reseller.members.count()))


@router.patch("/resellers/{int:reseller_id}", response=schemas.Reseller, summary="Change a reseller")
def change_reseller(request: HttpRequest, reseller_id: int, payload: schemas.ResellerChange) -> HttpResponse:
    """Its users and customers stay with it."""
    by = calling(request)
    reseller = actions.update_reseller(reseller_id=reseller_id, **payload.given(), by=by)
    return json_answer(spell_reseller(reseller, reseller.members.count()))


def _spell_counted(reseller: Any) -> Json:
    return spell_reseller(reseller, reseller.user_count)
