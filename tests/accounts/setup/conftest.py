"""More of the cast: people with other groups than the usual ones."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import UserActor, acting, command_actor
from linecard.accounts.models import Group, Reseller, User
from tests.conftest import PASSWORD

ClientOf = Callable[[User], Client]
MakeUser = Callable[..., User]


@pytest.fixture
def ada(admin: User) -> UserActor:
    """The administrator, acting through a form."""
    return acting(admin, via="form")


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Make somebody in ready-made groups: ``make_user("fay", "finance", reseller=north)``."""

    def make(username: str, *ready_made: str, groups: tuple[Group, ...] = (), **values: Any) -> User:
        together = [*(actions.ready_made_group(key) for key in ready_made), *groups]
        return actions.create_user(
            username=username, password=PASSWORD, groups=together, by=command_actor(), **values
        )

    return make


@pytest.fixture
def clerks(ada: UserActor) -> Group:
    """A group that manages users, and reads cards."""
    permissions = {"users": ["create", "read", "update", "delete"], "customers": ["read"]}
    return actions.create_group(name="Clerks", permissions=permissions, by=ada)


@pytest.fixture
def clerk(make_user: MakeUser, clerks: Group) -> User:
    """Somebody who manages users without being an administrator."""
    return make_user("clara", name="Clara Clerk", groups=(clerks,))


@pytest.fixture
def north_clerk(make_user: MakeUser, clerks: Group, north: Reseller) -> User:
    """Somebody of North who manages its users."""
    return make_user("nick", name="Nick North", groups=(clerks,), reseller=north)
