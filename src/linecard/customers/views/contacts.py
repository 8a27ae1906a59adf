"""The people at a customer."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import require
from linecard.customers import actions
from linecard.customers.forms.parts import ContactForm
from linecard.customers.models import Contact, Customer
from linecard.customers.views.pages import card_of, of_visible_card, user_of
from linecard.customers.views.panels import carry_out, show
from linecard.kernel.errors import NotFound

WAYS = ("email", "mobile")


@require_http_methods(["GET", "POST"])
@of_visible_card
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A new contact."""
    require(user_of(request), "contacts", "create")
    if request.method != "POST":
        return show(request, customer_id, "contact", ContactForm())
    form = ContactForm(request.POST)

    def work() -> None:
        actions.add_contact(customer_id=customer_id, values=form.given(), by=acting_in(request))

    return carry_out(request, customer_id, "contact", work, gettext("The contact was added."), form=form)


@require_http_methods(["GET", "POST"])
@of_visible_card
def edit(request: HttpRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """Change a contact."""
    require(user_of(request), "contacts", "update")
    contact = _contact(card_of(request, customer_id), contact_id)
    if request.method != "POST":
        return show(request, customer_id, "contact", ContactForm(contact=contact), contact_id)
    form = ContactForm(request.POST)

    def work() -> None:
        actions.update_contact(
            customer_id=customer_id, contact_id=contact_id, values=form.given(), by=acting_in(request)
        )

    return carry_out(
        request,
        customer_id,
        "contact",
        work,
        gettext("The contact was saved."),
        form=form,
        part_id=contact_id,
    )


@require_POST
@of_visible_card
def verify(request: HttpRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """Say that a contact's email or mobile is theirs, or take that back."""
    way, verified = request.POST.get("way", ""), request.POST.get("verified") == "yes"
    if way not in WAYS:
        raise NotFound(gettext("There is nothing of this name to verify."))

    def work() -> None:
        actions.update_contact(
            customer_id=customer_id,
            contact_id=contact_id,
            values={f"{way}_verified": verified},
            by=acting_in(request),
        )

    done = (
        gettext("The {way} is verified.").format(way=way)
        if verified
        else gettext("The {way} is no longer verified.").format(way=way)
    )
    return carry_out(request, customer_id, "contact", work, done)


@require_POST
@of_visible_card
def delete(request: HttpRequest, customer_id: int, contact_id: int) -> HttpResponse:
    """Remove a contact."""

    def work() -> None:
        actions.delete_contact(customer_id=customer_id, contact_id=contact_id, by=acting_in(request))

    return carry_out(request, customer_id, "contact", work, gettext("The contact was removed."))


def _contact(customer: Customer, contact_id: int) -> Contact:
    contact = customer.contacts.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound(gettext("This customer has no such contact."))
    return contact
