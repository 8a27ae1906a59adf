"""The contacts of a card."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linecard.accounts.api_auth import calling
from linecard.customers.actions import add_contact, delete_contact, update_contact
from linecard.customers.api import schemas
from linecard.customers.api.lookups import get_part
from linecard.customers.api.spelling import spell_contact
from linecard.customers.queries import get_customer
from linecard.web.answers import PageParameters, json_answer, no_content, page_of
from linecard.web.api_document import described

router = Router(tags=["Contacts"])


@router.get("/customers/{int:customer_id}/contacts", response=schemas.Contacts, summary="List contacts")
def list_contacts(request: HttpRequest, customer_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """In the order in which they were added."""
    by = calling(request)
    by.require("contacts", "read")
    customer = get_customer(by.user, customer_id)
    return page_of(customer.contacts.order_by("id"), wanted, spell_contact)


@router.post(
    "/customers/{int:customer_id}/contacts",
    response={201: schemas.Contact},
    summary="Add a contact",
    openapi_extra=described(location=True),
)
def create_contact(request: HttpRequest, customer_id: int, payload: schemas.NewContact) -> HttpResponse:
    """Phone numbers without a country code are read as of the card's country, and stored in E.164."""
    contact = add_contact(customer_id=customer_id, values=payload.given(), by=calling(request))
    return json_answer(spell_contact(contact), 201, {"Location": f"{request.path}/{contact.pk}"})


@router.get(
    "/customers/{int:customer_id}/contacts/{int:contact_id}",
    response=schemas.Contact,
    summary="Read a contact",
)
def read_contact(request: HttpRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """One person at the customer."""
    by = calling(request)
    by.require("contacts", "read")
    customer = get_customer(by.user, customer_id)
    return json_answer(spell_contact(get_part(customer.contacts.all(), contact_id, "contact")))


@router.patch(
    "/customers/{int:customer_id}/contacts/{int:contact_id}",
    response=schemas.Contact,
    summary="Change a contact",
)
def change_contact(
    request: HttpRequest, customer_id: int, contact_id: int, payload: schemas.ContactChange
) -> HttpResponse:
    """A new email or mobile is not verified, unless the same change says so."""
    contact = update_contact(
        customer_id=customer_id, contact_id=contact_id, values=payload.given(), by=calling(request)
    )
    return json_answer(spell_contact(contact))


@router.delete(
    "/customers/{int:customer_id}/contacts/{int:contact_id}",
    response={204: None},
    summary="Delete a contact",
)
def remove_contact(request: HttpRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """The history keeps what it was."""
    delete_contact(customer_id=customer_id, contact_id=contact_id, by=calling(request))
    return no_content()
