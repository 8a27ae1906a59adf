"""Users: list, make, read, change; and the tokens that act for them."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from linecard.accounts import actions
from linecard.accounts.actor import UserActor
from linecard.accounts.api import schemas
from linecard.accounts.api.lookups import get_user, named_groups, named_reseller
from linecard.accounts.api.spelling import etag_of, spell_token, spell_user
from linecard.accounts.api_auth import calling
from linecard.accounts.fields import USER_FIELDS
from linecard.accounts.models import User
from linecard.accounts.queries import living_tokens, managed_users, search_users
from linecard.kernel.errors import Forbidden, NotFound
from linecard.web.answers import (
    FlagParameter,
    PageParameters,
    demanded_version,
    has_already,
    json_answer,
    no_content,
    not_modified,
    page_of,
)
from linecard.web.api_document import described
from linecard.web.idempotency import keep_instead

router = Router(tags=["Users"])

MAX_SEARCH_LENGTH = 200


class UserList(PageParameters):
    """Which users are wanted."""

    search: str = Field(
        default="",
        max_length=MAX_SEARCH_LENGTH,
        description="Words; each must be in the user name, name or email.",
    )
    active: FlagParameter | None = Field(
        default=None, description="Only active users, or only those who are not."
    )


@router.get("/users", response=schemas.Users, summary="List users")
def list_users(request: HttpRequest, wanted: Query[UserList]) -> HttpResponse:
    """By user name. A reseller's user sees those of the reseller."""
    users = search_users(managed_users(calling(request).user), wanted.search)
    if wanted.active is not None:
        users = users.filter(is_active=wanted.active)
    return page_of(users.prefetch_related("groups"), wanted, spell_user)


@router.post(
    "/users",
    response={201: schemas.User},
    summary="Make a user",
    openapi_extra=described(etag=201, location=True),
)
@transaction.atomic
def create_user(request: HttpRequest, payload: schemas.NewUser) -> HttpResponse:
    """You cannot give more than you may do yourself. A reseller's user makes users of the reseller."""
    by, given = calling(request), payload.given()
    by.require("users", "create")
    values = {name: value for name, value in given.items() if name in USER_FIELDS}
    if "groups" in given:
        values["groups"] = named_groups(by.user, given["groups"])
    reseller = named_reseller(by.user, given.get("reseller"))
    user = actions.create_user(**values, password=given.get("password"), reseller=reseller, by=by)
    if given.get("active") is False:
        user = actions.update_user(user_id=user.pk, values={}, is_active=False, by=by)
    return _user_answer(user, status=201, location=f"{request.path}/{user.pk}")


@router.get(
    "/users/{int:user_id}",
    response=schemas.User,
    summary="Read a user",
    openapi_extra=described(etag=200, if_none_match=True),
)
def read_user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Everybody may read their own."""
    user = get_user(calling(request).user, user_id)
    if has_already(request, etag_of(user)):
        return not_modified(etag_of(user))
    return _user_answer(user)


@router.patch(
    "/users/{int:user_id}",
    response=schemas.User,
    summary="Change a user",
    openapi_extra=described(etag=200, if_match=True),
)
@transaction.atomic
def change_user(request: HttpRequest, user_id: int, payload: schemas.UserChange) -> HttpResponse:
    """Only what is given changes. The last active administrator can neither be deactivated nor demoted."""
    by, given = calling(request), payload.given()
    by.require("users", "update")
    if "password" in given and user_id == by.user.pk:
        # whoever finds a browser open, or a token, must not get around the question for the present one
        raise Forbidden(
            gettext(
                "Your own password is changed on your account's page, where the present one is asked for."
            )
        )
    user = actions.update_user(
        user_id=user_id,
        values={name: value for name, value in given.items() if name in USER_FIELDS},
        is_active=given.get("active"),
        expected_version=_demanded(request, by.user, user_id),
        by=by,
        **_references(by, given),
    )
    if "password" in given:
        actions.set_password(user=user, password=given["password"], by=by)
    return _user_answer(user)


@router.get("/users/{int:user_id}/tokens", response=schemas.Tokens, summary="List a user's tokens")
def list_tokens(request: HttpRequest, user_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """Those that still open something, newest first; never what they open with."""
    return page_of(living_tokens(get_user(calling(request).user, user_id)), wanted, spell_token)


@router.post(
    "/users/{int:user_id}/tokens", response={201: schemas.MadeToken}, summary="Make a token for a user"
)
def create_token(request: HttpRequest, user_id: int, payload: schemas.NewToken) -> HttpResponse:
    """For yourself, or for a user whom you manage and who may do no more than you.

    The answer tells the token, which is stored nowhere: the same request sent again with its `Idempotency-Key` makes
    no second one and answers null for it.
    """
    by = calling(request)
    user = get_user(by.user, user_id)
    token, secret = actions.create_token(user=user, by=by, **payload.model_dump())
    told = spell_token(token)
    answer = json_answer({**told, "token": secret}, 201, {"Cache-Control": "no-store"})
    return keep_instead(answer, {**told, "token": None})


@router.delete(
    "/users/{int:user_id}/tokens/{int:token_id}", response={204: None}, summary="Revoke a user's token"
)
def revoke_token(request: HttpRequest, user_id: int, token_id: int) -> HttpResponse:
    """It opens nothing from now on."""
    by = calling(request)
    token = living_tokens(get_user(by.user, user_id)).filter(pk=token_id).first()
    if token is None:
        raise NotFound(gettext("This user has no such token."))
    actions.revoke_token(token=token, by=by)
    return no_content()


def _references(by: UserActor, given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "groups" in given:
        found["groups"] = named_groups(by.user, given["groups"])
    if "reseller" in given:
        found["reseller"] = named_reseller(by.user, given["reseller"])
    return found


def _demanded(request: HttpRequest, caller: User, user_id: int) -> int | None:
    def present() -> int | None:
        return managed_users(caller).filter(pk=user_id).values_list("version", flat=True).first()

    return demanded_version(request, user_id, present)


def _user_answer(user: User, status: int = 200, location: str = "") -> HttpResponse:
    headers = {"ETag": etag_of(user)} | ({"Location": location} if location else {})
    return json_answer(spell_user(user), status, headers)
