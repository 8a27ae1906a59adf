"""Cards: list, make, read, change, archive, restore, and the grid's question."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from linecard.accounts.api_auth import ANY_READER, calling
from linecard.customers.actions import archive_customer, create_customer, restore_customer, update_customer
from linecard.customers.api import schemas
from linecard.customers.api.conditions import expected_version
from linecard.customers.api.spelling import spell_customer
from linecard.customers.models import Customer
from linecard.customers.queries import get_customer, search_cards, visible_to
from linecard.customers.tables import CUSTOMERS
from linecard.web.answers import (
    FlagParameter,
    PageParameters,
    has_already,
    json_answer,
    no_content,
    not_modified,
    page_of,
)
from linecard.web.api_document import described
from linecard.web.grid import GridQuery
from linecard.web.schemas import GridAnswer

router = Router(tags=["Customers"])

MAX_SEARCH_LENGTH = 200

# Each has an index; the id makes every order complete.
_SORTS = {
    "id": ("id",),
    "name": ("name_key", "id"),
    "status": ("status", "id"),
    "currency": ("currency", "id"),
    "country": ("country", "id"),
    "updated_at": ("updated_at", "id"),
}


class CustomerList(PageParameters):
    """Which cards are wanted, and in which order."""

    search: str = Field(
        default="",
        max_length=MAX_SEARCH_LENGTH,
        description="Words; each must begin a word of the name, a contact or the external accounting ID.",
    )
    status: Literal["active", "inactive", "pending_approval"] | None = Field(
        default=None, description="Only cards of this status."
    )
    archived: FlagParameter = Field(default=False, description="Archived cards instead of live ones.")
    sort: Literal[
        "id",
        "-id",
        "name",
        "-name",
        "status",
        "-status",
        "currency",
        "-currency",
        "country",
        "-country",
        "updated_at",
        "-updated_at",
    ] = Field(default="id", description="The order; with `-` it is reversed.")


@router.get("/customers", response=schemas.Customers, summary="List cards")
def list_customers(request: HttpRequest, wanted: Query[CustomerList]) -> HttpResponse:
    """The cards that you may see. The order `id` lets you page through all of them while cards are added."""
    cards = visible_to(calling(request).user).filter(archived_at__isnull=not wanted.archived)
    if wanted.status:
        cards = cards.filter(status=wanted.status)
    cards = search_cards(cards, wanted.search).order_by(*_order(wanted.sort))
    return page_of(cards.select_related("meter"), wanted, spell_customer)


@router.post(
    "/customers",
    response={201: schemas.Customer},
    summary="Make a card",
    openapi_extra=described(etag=201, location=True),
)
def create_customer_card(request: HttpRequest, payload: schemas.NewCustomer) -> HttpResponse:
    """Only the name and the currency are needed. A card is active unless told otherwise."""
    customer = create_customer(values=payload.given(), by=calling(request))
    return _card_answer(customer, status=201, location=f"{request.path}/{customer.pk}")


@router.post(
    "/customers/query",
    response=GridAnswer,
    auth=ANY_READER,
    summary="Ask as the Customers page asks",
)
def query_customers(request: HttpRequest, payload: GridQuery) -> HttpResponse:
    """Filter by any column, sort by several, group, pivot and sum. Changes nothing."""
    return json_answer(CUSTOMERS.run(visible_to(calling(request).user), payload))


@router.get(
    "/customers/{int:customer_id}",
    response=schemas.Customer,
    summary="Read a card",
    openapi_extra=described(etag=200, if_none_match=True),
)
def read_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """An archived card too. The answer 304 says that nothing a person edits has changed; the balance may have."""
    customer = get_customer(calling(request).user, customer_id)
    if has_already(request, customer.etag):
        return not_modified(customer.etag)
    return _card_answer(customer)


@router.patch(
    "/customers/{int:customer_id}",
    response=schemas.Customer,
    summary="Change a card",
    openapi_extra=described(etag=200, if_match=True),
)
def change_customer(request: HttpRequest, customer_id: int, payload: schemas.CustomerChange) -> HttpResponse:
    """Only the fields that are given change. The currency never does."""
    by = calling(request)
    customer = update_customer(
        customer_id=customer_id,
        values=payload.given(),
        by=by,
        expected_version=expected_version(request, by.user, customer_id),
    )
    return _card_answer(customer)


class Archiving(BaseModel):
    """How a card is archived."""

    model_config = ConfigDict(extra="forbid")

    archive: FlagParameter = Field(
        default=False, description="Archive it also when it has live calls or owes money."
    )


@router.delete(
    "/customers/{int:customer_id}",
    response={204: None},
    summary="Archive a card",
    openapi_extra=described(if_match=True),
)
def archive_customer_card(request: HttpRequest, customer_id: int, wanted: Query[Archiving]) -> HttpResponse:
    """It passes no calls, leaves the lists and keeps its name. It can still be read, and restored.

    A card with live calls or money owed is refused unless `archive` is true.
    """
    by = calling(request)
    archive_customer(
        customer_id=customer_id,
        by=by,
        expected_version=expected_version(request, by.user, customer_id),
        archive=wanted.archive,
    )
    return no_content()


@router.post(
    "/customers/{int:customer_id}/restore",
    response=schemas.Customer,
    summary="Restore an archived card",
    openapi_extra=described(etag=200, if_match=True),
)
def restore_customer_card(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A live card stays as it is."""
    by = calling(request)
    customer = restore_customer(
        customer_id=customer_id, by=by, expected_version=expected_version(request, by.user, customer_id)
    )
    return _card_answer(customer)


def _order(sort: str) -> list[str]:
    names = _SORTS[sort.removeprefix("-")]
    return [f"-{name}" for name in names] if sort.startswith("-") else list(names)


def _card_answer(customer: Customer, status: int = 200, location: str = "") -> HttpResponse:
    headers = {"ETag": customer.etag} | ({"Location": location} if location else {})
    return json_answer(spell_customer(customer), status, headers)
