"""A mail server that is set up, and customers to write to."""

from typing import Any

import pytest

from linecard.accounts.models import User
from linecard.customers.models import Contact, Customer
from tests.conftest import MakeCustomer
from tests.messaging.steps import set_up_mail
from tests.peers.smtp import smtp_server


@pytest.fixture
def peer(admin: User) -> Any:
    with smtp_server() as running:
        set_up_mail(admin, running.port)
        yield running


@pytest.fixture
def cards(make_customer: MakeCustomer) -> list[Customer]:
    """Three customers, with two contacts each."""
    made = [make_customer(f"Card {letter}") for letter in "ABC"]
    for card in made:
        for number in (1, 2):
            address = f"{number}@{card.name[-1].lower()}.example"
            Contact.objects.create(customer=card, name=f"Person {number} <{card.name}>", email=address)
    return made
