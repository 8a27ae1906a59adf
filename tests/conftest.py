"""The cast that every test may call on: one operator, two resellers, and their customers."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.customers import actions as customers
from linecard.customers.models import Customer

PASSWORD = "correct horse battery"

MakeCustomer = Callable[..., Customer]


@pytest.fixture
def admin(db: None) -> User:
    """The first administrator."""
    return accounts.create_user(
        username="admin", name="Ada", password=PASSWORD, is_administrator=True, by=command_actor()
    )


@pytest.fixture
def staff(db: None) -> User:
    """An operator's employee, who sees every customer."""
    return accounts.create_user(username="staff", name="Stella Staff", password=PASSWORD, by=command_actor())


@pytest.fixture
def north(db: None) -> Reseller:
    """A reseller."""
    return accounts.create_reseller(name="North", by=command_actor())


@pytest.fixture
def south(db: None) -> Reseller:
    """Another reseller."""
    return accounts.create_reseller(name="South", by=command_actor())


@pytest.fixture
def north_user(north: Reseller) -> User:
    """A member of North."""
    return accounts.create_user(
        username="nora", name="Nora North", password=PASSWORD, reseller=north, by=command_actor()
    )


@pytest.fixture
def south_user(south: Reseller) -> User:
    """A member of South."""
    return accounts.create_user(
        username="sam", name="Sam South", password=PASSWORD, reseller=south, by=command_actor()
    )


@pytest.fixture
def by(staff: User) -> UserActor:
    """The employee, acting through a form."""
    return acting(staff, via="form")


@pytest.fixture
def make_customer(by: UserActor) -> MakeCustomer:
    """Make a card by the employee: ``make_customer("Acme", currency="USD", channels=3)``."""

    def make(name: str = "Acme Telecom", *, actor: UserActor = by, **values: Any) -> Customer:
        given: Mapping[str, Any] = {"name": name, "currency": "EUR", **values}
        return customers.create_customer(values=given, by=actor)

    return make


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which the given user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
