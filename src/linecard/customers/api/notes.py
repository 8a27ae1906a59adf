"""The notes on a card."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linecard.accounts.api_auth import calling
from linecard.customers.actions import add_note, delete_note, update_note
from linecard.customers.api import schemas
from linecard.customers.api.lookups import get_part
from linecard.customers.api.spelling import spell_note
from linecard.customers.queries import get_customer
from linecard.web.answers import PageParameters, json_answer, no_content, page_of
from linecard.web.api_document import described

router = Router(tags=["Notes"])


@router.get("/customers/{int:customer_id}/notes", response=schemas.Notes, summary="List notes")
def list_notes(request: HttpRequest, customer_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """Newest first."""
    by = calling(request)
    by.require("notes", "read")
    customer = get_customer(by.user, customer_id)
    return page_of(customer.notes.order_by("-id"), wanted, spell_note)


@router.post(
    "/customers/{int:customer_id}/notes",
    response={201: schemas.Note},
    summary="Write a note",
    openapi_extra=described(location=True),
)
def create_note(request: HttpRequest, customer_id: int, payload: schemas.NewNote) -> HttpResponse:
    """Private to staff, unless it is to be shown in the portal."""
    note = add_note(customer_id=customer_id, values=payload.given(), by=calling(request))
    return json_answer(spell_note(note), 201, {"Location": f"{request.path}/{note.pk}"})


@router.get("/customers/{int:customer_id}/notes/{int:note_id}", response=schemas.Note, summary="Read a note")
def read_note(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """One note with its author."""
    by = calling(request)
    by.require("notes", "read")
    customer = get_customer(by.user, customer_id)
    return json_answer(spell_note(get_part(customer.notes.all(), note_id, "note")))


@router.patch(
    "/customers/{int:customer_id}/notes/{int:note_id}", response=schemas.Note, summary="Change a note"
)
def change_note(
    request: HttpRequest, customer_id: int, note_id: int, payload: schemas.NoteChange
) -> HttpResponse:
    """It keeps its author."""
    note = update_note(customer_id=customer_id, note_id=note_id, values=payload.given(), by=calling(request))
    return json_answer(spell_note(note))


@router.delete(
    "/customers/{int:customer_id}/notes/{int:note_id}", response={204: None}, summary="Delete a note"
)
def remove_note(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """The history keeps what it said."""
    delete_note(customer_id=customer_id, note_id=note_id, by=calling(request))
    return no_content()
