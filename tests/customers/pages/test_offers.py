"""What the pages of cards and uploads offer: only what will not be refused."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import User
from linecard.customers.actions import add_cli, add_contact, add_note
from linecard.customers.models import Customer
from tests.conftest import PASSWORD, MakeCustomer

ClientOf = Callable[[User], Client]

FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"|hx-post="([^"]*)"')
LINK = re.compile(r'href="(/[^"?#]*)')

# What surrounds every page.
EVERYWHERE = {"/sign-out/"}


@pytest.fixture
def reader(db: None) -> User:
    """Somebody who may only look."""
    groups = [actions.ready_made_group("read_only")]
    return actions.create_user(username="rita", password=PASSWORD, groups=groups, by=command_actor())


@pytest.fixture
def card(make_customer: MakeCustomer, staff: User) -> Customer:
    """A card with one of everything."""
    customer = make_customer("Acme", approved_clis_only=True)
    by = acting(staff, via="form")
    add_contact(customer_id=customer.pk, values={"name": "Cora", "email": "cora@example.net"}, by=by)
    add_note(customer_id=customer.pk, values={"text": "Calls at night"}, by=by)
    add_cli(customer_id=customer.pk, values={"cli": "+41443643532", "reason": "Seen"}, by=by)
    return customer


def offered(client: Client, path: str) -> set[str]:
    """Where the page's forms go, and the links to forms."""
    answer = client.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    forms = {one or other for one, other in FORM.findall(page)}
    links = {link for link in LINK.findall(page) if link.endswith(("/new/", "/edit/"))}
    return (forms | links) - EVERYWHERE


@pytest.mark.parametrize("path", ["/customers/", "{card}", "{card}clis/", "{card}pending/", "/uploads/"])
def test_a_reader_is_offered_no_change(client_of: ClientOf, reader: User, card: Customer, path: str) -> None:
    assert offered(client_of(reader), path.format(card=f"/customers/{card.pk}/")) == set()


def test_others_are_offered_what_their_groups_permit(
    client_of: ClientOf, staff: User, card: Customer
) -> None:
    own = f"/customers/{card.pk}/"
    contact, note = card.contacts.get().pk, card.notes.get().pk
    assert offered(client_of(staff), own) == {
        f"{own}archive/",
        f"{own}edit/",
        f"{own}contacts/new/",
        f"{own}contacts/{contact}/verify/",
        f"{own}contacts/{contact}/delete/",
        f"{own}notes/new/",
        f"{own}notes/{note}/delete/",
    }
    noc = actions.create_user(
        username="noc", groups=[actions.ready_made_group("noc")], by=command_actor(), password=PASSWORD
    )
    assert offered(client_of(noc), own) == {
        f"{own}edit/",
        f"{own}contacts/new/",
        f"{own}contacts/{contact}/verify/",
        f"{own}notes/new/",
    }
    assert offered(client_of(noc), "/customers/") == set()
    assert offered(client_of(staff), "/customers/") == {"/customers/new/", "/uploads/new/"}


@pytest.mark.parametrize(
    "path", ["/customers/new/", "/customers/{card}/edit/", "/uploads/new/?target=customers"]
)
def test_a_form_is_refused_to_who_may_not_send_it(
    client_of: ClientOf, reader: User, card: Customer, path: str
) -> None:
    assert client_of(reader).get(path.format(card=card.pk)).status_code == 403
