"""The lists of Setup: who comes there, which rows they see, what a row tells, and what it costs."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linecard.accounts import actions
from linecard.accounts.actor import UserActor
from linecard.accounts.models import Group, Reseller, User
from tests.accounts.setup.conftest import ClientOf, MakeUser
from tests.conftest import MakeCustomer

# Reading the session and its user; how numbers are shown; the saved views; then the grid's two: what matches in all,
# and the page.
PAGE_STATEMENTS = 6

LISTS = ("/users/", "/groups/", "/resellers/")


def rows(client: Client, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.context["grid_declaration"]["first"]["rows"]
    return found


def query(client: Client, path: str, **asked: object) -> Any:
    return client.post(path, json.dumps(asked), content_type="application/json")


@pytest.mark.parametrize("path", LISTS)
def test_who_may_not_manage_users_is_told_so(client_of: ClientOf, staff: User, path: str) -> None:
    for answer in (client_of(staff).get(path), query(client_of(staff), f"{path}query/")):
        assert answer.status_code == 403
    assert "None of your groups lets you see users." in client_of(staff).get(path).content.decode()


@pytest.mark.parametrize("path", LISTS[1:])
def test_groups_and_resellers_are_for_staff_alone(client_of: ClientOf, north_clerk: User, path: str) -> None:
    client = client_of(north_clerk)
    assert client.get(path).status_code == 403
    assert query(client, f"{path}query/").status_code == 403
    assert f'href="{path}"' not in client.get("/users/").content.decode()


def test_staff_see_all_users_and_a_reseller_its_own(
    client_of: ClientOf, admin: User, clerk: User, north_clerk: User, north_user: User, south_user: User
) -> None:
    everybody = ["admin", "clara", "nick", "nora", "sam"]
    for manager, seen in ((admin, everybody), (clerk, everybody), (north_clerk, ["nick", "nora"])):
        client = client_of(manager)
        assert [row["username"] for row in rows(client, "/users/")] == seen
        answer = query(client, "/users/query/", columns=["username"]).json()
        assert ([row["username"] for row in answer["rows"]], answer["total"]) == (seen, len(seen))


def test_a_row_tells_who_a_user_is(
    client_of: ClientOf, admin: User, north: Reseller, make_user: MakeUser, make_customer: MakeCustomer
) -> None:
    fay = make_user(
        "fay",
        "reseller",
        "finance",
        name="Fay",
        email="fay@example.net",
        time_zone="Asia/Tokyo",
        reseller=north,
    )
    make_customer("One", account_manager=fay.pk, reseller=north.pk)
    make_customer("Two", account_manager=fay.pk, reseller=north.pk)
    (row,) = [row for row in rows(client_of(admin), "/users/") if row["username"] == "fay"]
    assert row == {
        "id": fay.pk,
        "username": "fay",
        "name": "Fay",
        "email": "fay@example.net",
        "status": "active",
        "groups": ["Finance", "Reseller"],
        "reseller": {"id": north.pk, "name": "North"},
        "second_factor": False,
        "last_login": None,
        "customers": 2,
    }


def test_users_are_found_filtered_and_sorted(
    client_of: ClientOf, admin: User, ada: UserActor, make_user: MakeUser
) -> None:
    gone = make_user("gus", "noc", name="Gustav Gone")
    make_user("mia", "finance", name="Mia Gustavson")
    actions.update_user(user_id=gone.pk, by=ada, values={}, is_active=False)
    client = client_of(admin)
    assert [row["username"] for row in rows(client, "/users/?search=gustav")] == ["gus", "mia"]
    assert [row["username"] for row in rows(client, "/users/?status=inactive")] == ["gus"]
    assert [row["username"] for row in rows(client, "/users/?status=active&sort=-username")] == [
        "mia",
        "admin",
    ]
    finance = {"groups": {"op": "contains", "value": "Finance"}}
    assert [row["username"] for row in query(client, "/users/query/", filter=finance).json()["rows"]] == [
        "mia"
    ]


def test_groups_tell_their_kind_and_members(
    client_of: ClientOf, admin: User, staff: User, clerk: User, clerks: Group
) -> None:
    actions.make_ready_made_groups()
    found = {row["name"]: (row["kind"], row["members"]) for row in rows(client_of(admin), "/groups/")}
    assert found == {
        "Administrator": ("ready_made", 1),
        "Account manager": ("ready_made", 1),
        "Clerks": ("own", 1),
        "Finance": ("ready_made", 0),
        "NOC": ("ready_made", 0),
        "Read only": ("ready_made", 0),
        "Reseller": ("ready_made", 0),
    }
    assert [row["name"] for row in rows(client_of(admin), "/groups/?status=own")] == ["Clerks"]


def test_nobody_learns_how_many_of_what_they_may_not_see(
    client_of: ClientOf, ada: UserActor, make_user: MakeUser, make_customer: MakeCustomer, north: Reseller
) -> None:
    make_customer("Acme", reseller=north.pk)
    group = actions.create_group(name="Desk", permissions={"users": ["read"]}, by=ada)
    desk = make_user("dora", groups=(group,))
    client = client_of(desk)
    for path in ("/users/", "/resellers/"):
        assert all("customers" not in row for row in rows(client, path))
        asked: tuple[dict[str, object], ...] = (
            {"columns": ["customers"]},
            {"sort": [{"column": "customers", "direction": "asc"}]},
            {"filter": {"customers": {"op": "gt", "value": 0}}},
            {"group_by": ["customers"]},
        )
        for given in asked:
            assert query(client, f"{path}query/", **given).status_code == 422, given
    for path in (f"/users/{desk.pk}/", f"/resellers/{north.pk}/"):
        answer = client.get(path)
        assert list(answer.context["figures"]) == []
        assert 'id="figures-title"' not in answer.content.decode()


def test_resellers_tell_their_users_and_customers(
    client_of: ClientOf,
    admin: User,
    north: Reseller,
    south: Reseller,
    north_user: User,
    make_customer: MakeCustomer,
) -> None:
    make_customer("Acme", reseller=north.pk)
    found = [(row["name"], row["members"], row["customers"]) for row in rows(client_of(admin), "/resellers/")]
    assert found == [("North", 1, 1), ("South", 0, 0)]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_however_many_there_are(
    client_of: ClientOf, admin: User, north: Reseller, ada: UserActor, make_user: MakeUser, path: str
) -> None:
    for number in range(12):
        make_user(f"user{number}", "noc", "finance", reseller=north)
        actions.create_group(name=f"Group {number}", permissions={}, by=ada)
        actions.create_reseller(name=f"Reseller {number}", by=ada)
    client = client_of(admin)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        client.get(path)
    assert len(statements) == PAGE_STATEMENTS


@pytest.mark.parametrize("path", LISTS)
def test_every_column_can_be_asked_for_and_sorted_by(client_of: ClientOf, admin: User, path: str) -> None:
    client = client_of(admin)
    columns = client.get(path).context["grid_declaration"]["columns"]
    assert query(client, f"{path}query/").status_code == 200
    for column in columns:
        if column["sorts"]:
            answer = query(
                client, f"{path}query/", sort=[{"column": column["name"]}], columns=[column["name"]]
            )
            assert answer.status_code == 200, column["name"]
