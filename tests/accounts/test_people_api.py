"""People over the API: users with their tokens, groups, resellers; who may manage whom."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest

from linecard.accounts import actions
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import ApiToken, Group, Reseller, User
from linecard.accounts.origin import may_come_from
from linecard.audit.models import AuditEntry
from linecard.web.models import IdempotentResponse
from tests.conftest import PASSWORD, ApiClient

ApiOf = Callable[..., ApiClient]

EVERY_VERB = ["create", "read", "update", "delete"]


@pytest.fixture
def api(api_of: ApiOf, admin: User) -> ApiClient:
    """The administrator's, with all the groups that are there from the start."""
    actions.make_ready_made_groups()
    return api_of(admin)


@pytest.fixture
def manager(admin: User) -> User:
    """Somebody of the staff who manages users and may read customers, but is no administrator."""
    permissions = {"users": EVERY_VERB, "customers": ["read"]}
    group = actions.create_group(name="Office", permissions=permissions, by=acting(admin, via="form"))
    return actions.create_user(username="mia", password=PASSWORD, groups=[group], by=command_actor())


@pytest.fixture
def north_manager(admin: User, north: Reseller) -> User:
    """A user of North who manages North's users."""
    permissions = {"users": EVERY_VERB, "customers": ["read"]}
    group = actions.create_group(
        name="Reseller's office", permissions=permissions, by=acting(admin, via="form")
    )
    return actions.create_user(
        username="nils", password=PASSWORD, groups=[group], reseller=north, by=command_actor()
    )


def group_id(key: str) -> int:
    return actions.ready_made_group(key).pk


def refused_fields(response: Any) -> list[str]:
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, response.content
    return [error["field"] for error in response.json()["errors"]]


def test_make_read_and_change_a_user(api: ApiClient, north: Reseller) -> None:
    noc, read_only = group_id("noc"), group_id("read_only")
    given = {"username": "Zoë", "name": "Zoë Z.", "email": "z@example.com", "time_zone": "Europe/London"}
    made = api.post("users", {**given, "groups": [noc], "password": PASSWORD})
    assert made.status_code == HTTPStatus.CREATED, made.content
    user = made.json()
    assert made.headers["Location"] == f"/api/v1/users/{user['id']}"
    assert user == {
        **given,
        "id": user["id"],
        "language": "en",
        "allowed_addresses": [],
        "groups": [noc],
        "reseller": None,
        "active": True,
        "administrator": False,
        "created_at": user["created_at"],
    }
    assert User.objects.get(pk=user["id"]).check_password(PASSWORD)
    path = f"users/{user['id']}"
    assert api.get(path).json() == user
    changes: dict[str, Any] = {"name": "Zoë", "groups": [read_only], "reseller": north.pk, "active": False}
    changed = api.patch(path, changes, headers={"If-Match": made.headers["ETag"]})
    assert changed.json() == user | changes
    assert changed.headers["ETag"] != made.headers["ETag"]
    stale = api.patch(path, {"name": "Nobody"}, headers={"If-Match": made.headers["ETag"]})
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert api.get(path).json() == user | changes
    entries = AuditEntry.objects.filter(subject_type="user", subject_id=user["id"]).order_by("id")
    assert [(entry.action, entry.via) for entry in entries] == [
        ("user.created", "api"),
        ("user.updated", "api"),
    ]
    assert entries[1].changes == {
        "name": ["Zoë Z.", "Zoë"],
        "groups": [["NOC"], ["Read only"]],
        "reseller": [None, north.pk],
        "active": [True, False],
    }


def test_the_list_is_searched_and_paged(api: ApiClient, staff: User, north_user: User) -> None:
    assert [user["username"] for user in api.get("users").json()["results"]] == ["admin", "nora", "staff"]
    found = api.get("users?search=NORTH+nor&limit=1&active=true").json()
    assert (found["total"], [user["id"] for user in found["results"]]) == (1, [north_user.pk])
    assert api.get("users?active=false").json() == {"results": [], "total": 0}


def test_wrong_values_are_refused_and_change_nothing(api: ApiClient, staff: User) -> None:
    before = list(User.objects.order_by("pk").values())
    assert refused_fields(api.post("users", {"username": "STAFF"})) == ["username"]
    assert refused_fields(api.post("users", {"username": "x", "groups": [999]})) == ["groups"]
    assert refused_fields(api.post("users", {"username": "x", "groups": [2**70]})) == ["groups"]
    assert refused_fields(api.post("users", {"username": "x", "reseller": 999})) == ["reseller"]
    assert refused_fields(api.post("users", {"username": "x", "password": "short"})) == ["password"]
    assert refused_fields(api.post("users", {"username": "x", "password": "long " * 205})) == ["password"]
    assert refused_fields(api.patch(f"users/{staff.pk}", {"time_zone": "Mars", "password": PASSWORD})) == [
        "time_zone"
    ]
    assert refused_fields(api.patch(f"users/{staff.pk}", {"name": "New", "password": "short"})) == [
        "password"
    ]
    assert api.get("users/999").status_code == HTTPStatus.NOT_FOUND
    assert list(User.objects.order_by("pk").values()) == before


def test_the_last_administrator_stays(api: ApiClient, admin: User, north: Reseller) -> None:
    path = f"users/{admin.pk}"
    assert api.patch(path, {"active": False}).status_code == HTTPStatus.CONFLICT
    assert api.patch(path, {"groups": [group_id("noc")]}).status_code == HTTPStatus.CONFLICT
    assert refused_fields(api.patch(path, {"reseller": north.pk})) == ["reseller"]
    admin.refresh_from_db()
    assert (admin.is_active, admin.is_administrator, admin.reseller_id) == (True, True, None)


def test_deactivating_ends_tokens_at_once(api: ApiClient, api_of: ApiOf, staff: User) -> None:
    theirs = api_of(staff)
    assert theirs.get("customers").status_code == HTTPStatus.OK
    assert api.patch(f"users/{staff.pk}", {"active": False}).status_code == HTTPStatus.OK
    assert theirs.get("customers").status_code == HTTPStatus.UNAUTHORIZED


def test_a_token_is_told_once_and_stored_nowhere(api: ApiClient, staff: User) -> None:
    path, body = f"users/{staff.pk}/tokens", {"kind": "api", "read_only": True, "expires_days": 30}
    made = api.post(path, body, headers={"Idempotency-Key": "one"})
    assert made.status_code == HTTPStatus.CREATED
    secret = made.json()["token"]
    assert ApiClient(secret).get("customers").status_code == HTTPStatus.OK
    again = api.post(path, body, headers={"Idempotency-Key": "one"})
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == {**made.json(), "token": None}
    assert secret.encode() not in bytes(IdempotentResponse.objects.get().body)
    assert ApiToken.objects.filter(user=staff).count() == 1
    listed = api.get(path).json()
    assert [token["beginning"] for token in listed["results"]] == [secret[:8]]
    assert secret not in str(listed)
    token_id = made.json()["id"]
    assert api.delete(f"{path}/{token_id}").status_code == HTTPStatus.NO_CONTENT
    assert ApiClient(secret).get("customers").status_code == HTTPStatus.UNAUTHORIZED
    assert api.delete(f"{path}/{token_id}").status_code == HTTPStatus.NOT_FOUND


def test_a_token_is_not_reached_through_another_user(api: ApiClient, staff: User, north_user: User) -> None:
    token, _ = actions.create_token(user=staff, by=command_actor())
    assert api.delete(f"users/{north_user.pk}/tokens/{token.pk}").status_code == HTTPStatus.NOT_FOUND
    token.refresh_from_db()
    assert token.revoked_at is None


def test_everybody_reads_their_own_and_makes_their_own_tokens(
    api_of: ApiOf, staff: User, admin: User
) -> None:
    api = api_of(staff)
    assert api.get(f"users/{staff.pk}").json()["username"] == "staff"
    assert api.post(f"users/{staff.pk}/tokens", {}).status_code == HTTPStatus.CREATED
    assert api.get(f"users/{staff.pk}/tokens").json()["total"] == 2
    for path in ("users", f"users/{admin.pk}", f"users/{admin.pk}/tokens", "groups", "resellers"):
        refused = api.get(path)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert "None of your groups lets you see users." in refused.json()["detail"]
    for path, body in (
        (f"users/{staff.pk}", {"groups": [group_id("administrator")]}),
        (f"users/{admin.pk}", {"password": PASSWORD}),
    ):
        assert api.patch(path, body).status_code == HTTPStatus.FORBIDDEN
    assert api.post(f"users/{admin.pk}/tokens", {}).status_code == HTTPStatus.FORBIDDEN


def test_nobody_gives_or_opens_more_than_they_have(
    api_of: ApiOf, manager: User, admin: User, staff: User
) -> None:
    api = api_of(manager)
    administrators = group_id("administrator")
    assert refused_fields(api.post("users", {"username": "x", "groups": [administrators]})) == ["groups"]
    assert refused_fields(api.patch(f"users/{manager.pk}", {"groups": [administrators]})) == ["groups"]
    wider = {"name": "Wider", "permissions": {"customers": ["read", "delete"]}}
    assert refused_fields(api.post("groups", wider)) == ["permissions"]
    for user in (admin, staff):
        tokens = f"users/{user.pk}/tokens"
        assert api.post(tokens, {}).status_code == HTTPStatus.FORBIDDEN
        assert api.patch(f"users/{user.pk}", {"password": "another long one"}).status_code == 403
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
    assert ApiToken.objects.exclude(user=manager).count() == 0
    narrow = api.post("groups", {"name": "Narrow", "permissions": {"customers": ["read"]}}).json()["id"]
    clerk = api.post("users", {"username": "clerk", "groups": [narrow], "password": PASSWORD}).json()["id"]
    assert api.post(f"users/{clerk}/tokens", {}).status_code == HTTPStatus.CREATED


def test_nobody_makes_somebody_weaker_so_as_to_open_their_account(
    api_of: ApiOf, manager: User, staff: User, north_user: User, south: Reseller
) -> None:
    api = api_of(manager)
    before = list(User.objects.order_by("pk").values())
    own_group = manager.groups.get().pk
    changes: list[dict[str, object]] = [
        {"groups": []},
        {"groups": [own_group]},
        {"username": "other"},
        {"allowed_addresses": ["192.0.2.1"]},
        {"reseller": south.pk},
        {"active": False},
    ]
    for user in (staff, north_user):
        for change in changes:
            refused = api.patch(f"users/{user.pk}", change)
            assert refused.status_code == HTTPStatus.FORBIDDEN, change
            assert "only an administrator can do this" in refused.json()["detail"]
    assert list(User.objects.order_by("pk").values()) == before


def test_ones_own_password_is_not_set_without_the_present_one(api: ApiClient, admin: User) -> None:
    refused = api.patch(f"users/{admin.pk}", {"password": "another long one", "name": "Eve"})
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "where the present one is asked for" in refused.json()["detail"]
    admin.refresh_from_db()
    assert (admin.check_password(PASSWORD), admin.name) == (True, "Ada")


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%\u202e", "fe80::1%" + "x" * 60])
def test_an_allowed_address_names_no_network_card(api: ApiClient, staff: User, address: str) -> None:
    refused = api.patch(f"users/{staff.pk}", {"allowed_addresses": [address]})
    assert refused_fields(refused) == ["allowed_addresses"]


def test_an_ipv4_address_inside_ipv6_is_kept_as_what_comes(api: ApiClient, staff: User) -> None:
    given = ["::ffff:192.0.2.1", "::ffff:198.51.100.7/120", "::/0", "2001:db8::1"]
    changed = api.patch(f"users/{staff.pk}", {"allowed_addresses": given}).json()
    assert changed["allowed_addresses"] == ["192.0.2.1/32", "198.51.100.0/24", "::/0", "2001:db8::1/128"]
    staff.refresh_from_db()
    assert may_come_from(staff, "192.0.2.1")
    assert may_come_from(staff, "::ffff:198.51.100.200")
    assert not may_come_from(staff, "203.0.113.1")


def test_a_resellers_manager_manages_only_its_users(
    api_of: ApiOf, north_manager: User, north: Reseller, south: Reseller, south_user: User, staff: User
) -> None:
    api = api_of(north_manager)
    assert [user["username"] for user in api.get("users").json()["results"]] == ["nils"]
    assert [row["name"] for row in api.get("resellers").json()["results"]] == ["North"]
    groups = api.get("groups").json()["results"]
    assert [(group["name"], group["users"]) for group in groups] == [("Reseller's office", 1)]
    own_group = groups[0]["id"]
    for user in (south_user, staff):
        for method, path, body in (
            ("GET", f"users/{user.pk}", None),
            ("PATCH", f"users/{user.pk}", {"name": "Eve"}),
            ("GET", f"users/{user.pk}/tokens", None),
            ("POST", f"users/{user.pk}/tokens", {}),
        ):
            assert api.send(method, path, body).status_code == HTTPStatus.NOT_FOUND, path
    assert refused_fields(api.post("users", {"username": "x", "groups": [group_id("noc")]})) == ["groups"]
    elsewhere = {"username": "x", "groups": [own_group], "reseller": south.pk}
    assert refused_fields(api.post("users", elsewhere)) == ["reseller"]
    made = api.post("users", {"username": "norbert", "groups": [own_group]}).json()
    assert made["reseller"] == north.pk
    assert api.patch(f"users/{made['id']}", {"reseller": None}).json()["reseller"] == north.pk
    for method, path, given in (
        ("POST", "resellers", {"name": "East"}),
        ("PATCH", f"resellers/{north.pk}", {"name": "East"}),
        ("POST", "groups", {"name": "Mine", "permissions": {}}),
        ("PATCH", f"groups/{own_group}", {"name": "Mine"}),
        ("DELETE", f"groups/{own_group}", None),
    ):
        refused = api.send(method, path, given)
        assert refused.status_code == HTTPStatus.FORBIDDEN, path
        assert refused.json()["detail"] == "Only the operator's own staff may do this."


def test_a_group_changes_what_its_members_may_do_at_once(api: ApiClient, api_of: ApiOf) -> None:
    made = api.post("groups", {"name": "Night shift", "permissions": {"customers": ["update", "read"]}})
    assert made.status_code == HTTPStatus.CREATED, made.content
    group = made.json()
    path = f"groups/{group['id']}"
    assert group == {
        "id": group["id"],
        "name": "Night shift",
        "permissions": {"customers": ["read", "update"]},
        "everything": False,
        "ready_made": False,
        "users": 0,
    }
    user = actions.create_user(
        username="owl", password=PASSWORD, groups=[Group.objects.get(pk=group["id"])], by=command_actor()
    )
    theirs = api_of(user)
    assert theirs.get("customers").status_code == HTTPStatus.OK
    assert theirs.get("imports").status_code == HTTPStatus.FORBIDDEN
    assert api.delete(path).status_code == HTTPStatus.CONFLICT
    changed = api.patch(path, {"permissions": {"uploads": ["read"]}}).json()
    assert changed == {**group, "permissions": {"uploads": ["read"]}, "users": 1}
    assert theirs.get("customers").status_code == HTTPStatus.FORBIDDEN
    assert theirs.get("imports").status_code == HTTPStatus.OK
    assert api.patch(path, {"name": "Day shift"}).json() == {**changed, "name": "Day shift"}
    assert api.patch(f"users/{user.pk}", {"groups": []}).json()["groups"] == []
    assert api.delete(path).status_code == HTTPStatus.NO_CONTENT
    assert api.get(path).status_code == HTTPStatus.NOT_FOUND


def test_what_groups_cannot_be(api: ApiClient) -> None:
    assert refused_fields(api.post("groups", {"name": "noc", "permissions": {}})) == ["name"]
    assert refused_fields(api.post("groups", {"name": "x", "permissions": {"moon": ["read"]}})) == [
        "permissions.moon"
    ]
    assert refused_fields(api.post("groups", {"name": "x", "permissions": {"customers": ["fly"]}})) == [
        "permissions.customers.0"
    ]
    administrators = f"groups/{group_id('administrator')}"
    assert api.patch(administrators, {"permissions": {}}).status_code == HTTPStatus.CONFLICT
    assert api.delete(administrators).status_code == HTTPStatus.CONFLICT


def test_every_ready_made_group_can_be_saved_as_it_is(api: ApiClient) -> None:
    groups = api.get("groups").json()["results"]
    assert [group["name"] for group in groups] == [
        *("Account manager", "Administrator", "Finance", "NOC", "Read only", "Reseller")
    ]
    for group in groups:
        if not group["everything"]:
            same = api.patch(f"groups/{group['id']}", {"permissions": group["permissions"]})
            assert same.json() == group


def test_resellers(api: ApiClient, north_user: User) -> None:
    made = api.post("resellers", {"name": " East  "})
    assert (made.status_code, made.json()["name"], made.json()["users"]) == (201, "East", 0)
    path = f"resellers/{made.json()['id']}"
    assert made.headers["Location"] == f"/api/v1/{path}"
    assert refused_fields(api.post("resellers", {"name": "EAST"})) == ["name"]
    assert refused_fields(api.patch(path, {"name": "north"})) == ["name"]
    assert api.patch(path, {"name": "Far East"}).json() == {**made.json(), "name": "Far East"}
    listed = api.get("resellers").json()["results"]
    assert [(row["name"], row["users"]) for row in listed] == [("Far East", 0), ("North", 1)]
    entry = AuditEntry.objects.get(action="reseller.updated")
    assert entry.changes == {"name": ["East", "Far East"]}
