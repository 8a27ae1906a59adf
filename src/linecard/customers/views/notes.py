"""Notes on the account."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import require
from linecard.customers import actions
from linecard.customers.forms.parts import NoteForm
from linecard.customers.models import Customer, Note
from linecard.customers.views.pages import card_of, of_visible_card, user_of
from linecard.customers.views.panels import carry_out, show
from linecard.kernel.errors import NotFound


@require_http_methods(["GET", "POST"])
@of_visible_card
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A new note."""
    require(user_of(request), "notes", "create")
    if request.method != "POST":
        return show(request, customer_id, "note", NoteForm())
    form = NoteForm(request.POST)

    def work() -> None:
        actions.add_note(customer_id=customer_id, values=form.given(), by=acting_in(request))

    return carry_out(request, customer_id, "note", work, gettext("The note was added."), form=form)


@require_http_methods(["GET", "POST"])
@of_visible_card
def edit(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Change a note."""
    require(user_of(request), "notes", "update")
    note = _note(card_of(request, customer_id), note_id)
    if request.method != "POST":
        return show(request, customer_id, "note", NoteForm(note=note), note_id)
    form = NoteForm(request.POST)

    def work() -> None:
        actions.update_note(
            customer_id=customer_id, note_id=note_id, values=form.given(), by=acting_in(request)
        )

    return carry_out(
        request, customer_id, "note", work, gettext("The note was saved."), form=form, part_id=note_id
    )


@require_POST
@of_visible_card
def delete(request: HttpRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Remove a note."""

    def work() -> None:
        actions.delete_note(customer_id=customer_id, note_id=note_id, by=acting_in(request))

    return carry_out(request, customer_id, "note", work, gettext("The note was removed."))


def _note(customer: Customer, note_id: int) -> Note:
    note = customer.notes.filter(pk=note_id).first()
    if note is None:
        raise NotFound(gettext("This customer has no such note."))
    return note
