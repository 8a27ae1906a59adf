"""Saved views: who sees, changes and shares them, and what a bare address opens."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linecard.accounts import actions as accounts
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.kernel.errors import Forbidden
from linecard.saved_views import actions
from linecard.saved_views.models import DefaultView, SavedView
from tests.conftest import PASSWORD, ApiClient, MakeCustomer

pytestmark = pytest.mark.django_db

ApiOf = Callable[..., ApiClient]
ClientOf = Callable[[User], Client]


@pytest.fixture
def colleague(db: None) -> User:
    """Another employee."""
    return accounts.create_user(username="colin", name="Colin", password=PASSWORD, by=command_actor())


@pytest.fixture
def api(api_of: ApiOf, staff: User) -> ApiClient:
    """The employee's program."""
    return api_of(staff)


@pytest.fixture
def _two(make_customer: MakeCustomer) -> None:
    make_customer("Acme")
    make_customer("Birch", status="inactive")


def save(api: ApiClient, name: str = "Off", **values: Any) -> dict[str, Any]:
    body = {"grid": "customers", "name": name, "query": "status=inactive", **values}
    answer = api.post("views", body)
    assert answer.status_code == HTTPStatus.CREATED, answer.content
    told: dict[str, Any] = answer.json()
    return told


def shown(client: Client, **address: object) -> list[str]:
    """The names on the Customers page."""
    page = client.get(f"/customers/?{urlencode(address)}")
    return [row["name"] for row in page.context["grid_declaration"]["first"]["rows"]]


def seen(api: ApiClient) -> list[str]:
    return [view["name"] for view in api.get("views?grid=customers").json()["results"]]


def test_a_view_is_kept_as_it_was_given(api: ApiClient, staff: User) -> None:
    answer = api.post(
        "views",
        {"grid": "customers", "name": "  Big \t ones ", "query": "?sort=-debit_limit,name&search=a%20b"},
    )
    view = answer.json()
    assert answer.status_code == HTTPStatus.CREATED
    assert answer["Location"] == f"/api/v1/views/{view['id']}"
    assert view == {
        "id": view["id"],
        "grid": "customers",
        "name": "Big ones",
        "query": "search=a+b&sort=-debit_limit,name",
        "address": f"/customers/?view={view['id']}",
        "shared": False,
        "owner": {"id": staff.pk, "name": "Stella Staff"},
        "own": True,
        "changeable": True,
        "default": False,
        "default_for_all": False,
        "created_at": view["created_at"],
        "updated_at": view["updated_at"],
    }
    read = api.get(f"views/{view['id']}")
    assert (read.json(), read["ETag"]) == (view, answer["ETag"])


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"grid": "unheard-of"}, "grid", "There is no such grid."),
        ({"name": "   "}, "name", "Must have 1 to 80 characters that can be printed."),
        ({"name": "a\x01"}, "name", "Must have 1 to 80 characters that can be printed."),
        ({"name": "oFF"}, "name", "Stella Staff has a view named oFF already."),
        ({"query": "page=2"}, "query", "'page' is not one of"),
        ({"query": "sort=unknown"}, "query", "There is no column 'unknown'."),
        ({"query": "filter={"}, "query", "EOF while parsing"),
        ({"query": "filter=[]"}, "query", "Cannot be read"),
        ({"query": "groups=tags"}, "query", "Rows cannot be grouped by Tags."),
        ({"query": "values=debit_limit:median"}, "query", "Cannot be read"),
        ({"query": "search=" + "x" * 4000}, "query", "4000"),
        ({"default_for_all": "yes"}, "default_for_all", "boolean"),
    ],
)
def test_what_shows_nothing_is_not_saved(
    api: ApiClient, values: dict[str, Any], field: str, message: str
) -> None:
    save(api)
    answer = api.post("views", {"grid": "customers", "name": "Other", **values})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert message in error["message"]
    assert SavedView.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_requests_at_once_are_done_one_after_another(api_of: ApiOf, staff: User) -> None:
    programs = [api_of(staff) for _ in range(4)]

    def at_once(requests: list[Callable[[ApiClient], Any]]) -> list[int]:
        gate = threading.Barrier(len(requests))

        def send(program: ApiClient, request: Callable[[ApiClient], Any]) -> int:
            gate.wait()
            try:
                return int(request(program).status_code)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(requests)) as pool:
            return sorted(pool.map(send, programs, requests))

    def saving(name: str) -> Callable[[ApiClient], Any]:
        return lambda api: api.post("views", {"grid": "customers", "name": name, "default": True})

    assert at_once([saving("Off")] * 4) == [HTTPStatus.CREATED, *[HTTPStatus.UNPROCESSABLE_ENTITY] * 3]
    assert at_once([saving(name) for name in "ABCD"]) == [HTTPStatus.CREATED] * 4
    assert DefaultView.objects.count() == 1
    off = SavedView.objects.get(name="Off").pk
    assert at_once([lambda api: api.delete(f"views/{off}")] * 4) == [
        HTTPStatus.NO_CONTENT,
        *[HTTPStatus.NOT_FOUND] * 3,
    ]


def test_a_user_has_a_bounded_number_of_views(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_VIEWS", 2)
    save(api, "One")
    save(api, "Two")
    answer = api.post("views", {"grid": "customers", "name": "Three"})
    assert "You have 2 views here already" in answer.json()["errors"][0]["message"]


def test_a_view_is_its_owners_alone_until_it_is_shared_on_their_side(
    api: ApiClient, api_of: ApiOf, colleague: User, north_user: User
) -> None:
    view = save(api)
    others = [api_of(colleague), api_of(north_user)]
    for other in others:
        assert other.get(f"views/{view['id']}").status_code == HTTPStatus.NOT_FOUND
        assert seen(other) == []
    api.patch(f"views/{view['id']}", {"shared": True})
    assert [seen(other) for other in others] == [["Off"], []]
    told = others[0].get(f"views/{view['id']}").json()
    assert (told["own"], told["changeable"]) == (False, False)
    assert others[1].get(f"views/{view['id']}").status_code == HTTPStatus.NOT_FOUND


def test_a_resellers_users_share_among_themselves(
    api: ApiClient, api_of: ApiOf, north: Reseller, north_user: User, south_user: User
) -> None:
    view = save(api_of(north_user), shared=True)
    other = accounts.create_user(username="nils", password=PASSWORD, reseller=north, by=command_actor())
    assert [seen(api_of(other)), seen(api_of(south_user)), seen(api)] == [["Off"], [], []]
    assert api.get(f"views/{view['id']}").status_code == HTTPStatus.NOT_FOUND


def test_what_was_shared_stays_with_its_side_when_its_owner_goes_to_another(
    api_of: ApiOf, north: Reseller, south: Reseller, north_user: User, south_user: User, admin: User
) -> None:
    other = accounts.create_user(username="nils", password=PASSWORD, reseller=north, by=command_actor())
    shared = save(api_of(north_user), "Ours", shared=True, default=True)
    save(api_of(north_user), "Mine")
    by = acting(admin, via="form")
    moved = accounts.update_user(user_id=north_user.pk, values={}, reseller=south, by=by)
    assert [seen(api_of(user)) for user in (moved, south_user, other)] == [["Mine"], [], ["Ours"]]
    assert api_of(moved).patch(f"views/{shared['id']}", {"query": ""}).status_code == HTTPStatus.NOT_FOUND
    accounts.update_user(user_id=north_user.pk, values={}, reseller=None, by=by)
    staff = User.objects.get(pk=north_user.pk)
    assert [seen(api_of(user)) for user in (staff, admin, other)] == [["Mine"], [], ["Ours"]]
    api_of(staff).patch(f"views/{SavedView.objects.get(name='Mine').pk}", {"shared": True})
    assert [seen(api_of(user)) for user in (staff, admin, other)] == [["Mine"], ["Mine"], ["Ours"]]


def test_the_name_of_a_view_that_was_left_behind_is_free_again(
    api_of: ApiOf, north: Reseller, south: Reseller, north_user: User, admin: User
) -> None:
    left = save(api_of(north_user), "Ours", shared=True)
    by = acting(admin, via="form")
    moved = accounts.update_user(user_id=north_user.pk, values={}, reseller=south, by=by)
    own = save(api_of(moved), "Ours")
    again = api_of(moved).post("views", {"grid": "customers", "name": "Ours", "shared": True})
    assert "has a view named Ours already" in again.json()["errors"][0]["message"]
    other = save(api_of(moved), "Other")
    renamed = api_of(moved).patch(f"views/{other['id']}", {"name": "Ours"})
    assert renamed.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    api_of(moved).patch(f"views/{own['id']}", {"shared": True})
    assert sorted(SavedView.objects.filter(name="Ours").values_list("pk", "reseller")) == [
        (left["id"], north.pk),
        (own["id"], south.pk),
    ]


def test_sharing_stops_only_where_the_owner_has_no_view_of_that_name(
    api: ApiClient, api_of: ApiOf, south: Reseller, staff: User, admin: User
) -> None:
    left = save(api, "Ours", shared=True)
    moved = accounts.update_user(user_id=staff.pk, values={}, reseller=south, by=acting(admin, via="form"))
    own = save(api_of(moved), "ours")
    manager = api_of(admin)
    refused = manager.patch(f"views/{left['id']}", {"shared": False})
    assert refused.json()["errors"] == [
        {"field": "shared", "message": "Stella Staff has a view named Ours already."}
    ]
    assert manager.patch(f"views/{left['id']}", {"name": "OURS"}).status_code == HTTPStatus.OK
    api_of(moved).patch(f"views/{own['id']}", {"name": "Mine"})
    assert manager.patch(f"views/{left['id']}", {"shared": False}).status_code == HTTPStatus.OK
    assert seen(api_of(moved)) == ["Mine", "OURS"]


def test_a_view_is_of_a_side_only_while_it_is_shared(
    api_of: ApiOf, north: Reseller, north_user: User
) -> None:
    view = save(api_of(north_user), shared=True)
    sides = [SavedView.objects.get().reseller]
    for shared in (False, True):
        api_of(north_user).patch(f"views/{view['id']}", {"shared": shared})
        sides.append(SavedView.objects.get().reseller)
    assert sides == [north, None, north]


def test_who_may_not_see_the_grid_sees_no_views_of_it(api_of: ApiOf, staff: User, admin: User) -> None:
    view = api_of(admin).post("views", {"grid": "audit", "name": "All", "shared": True}).json()
    own = api_of(staff)
    assert own.get("views?grid=audit").status_code == HTTPStatus.FORBIDDEN
    assert own.get(f"views/{view['id']}").status_code == HTTPStatus.NOT_FOUND
    assert own.get("views").json() == {"results": [], "total": 0}
    assert own.post("views", {"grid": "audit", "name": "x"}).status_code == HTTPStatus.FORBIDDEN
    assert own.get("views?grid=unheard-of").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("view_id", [0, 2**63, 10**30])
def test_a_view_that_is_not_there(api: ApiClient, view_id: int) -> None:
    assert api.get(f"views/{view_id}").status_code == HTTPStatus.NOT_FOUND
    assert api.patch(f"views/{view_id}", {"default": True}).status_code == HTTPStatus.NOT_FOUND
    assert api.delete(f"views/{view_id}").status_code == HTTPStatus.NOT_FOUND


def test_others_change_nothing_but_their_own_default(
    api: ApiClient, api_of: ApiOf, colleague: User, admin: User
) -> None:
    view = f"views/{save(api, shared=True)['id']}"
    other = api_of(colleague)
    for change in ({"name": "Mine"}, {"query": ""}, {"shared": False}):
        refused = other.patch(view, change)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert "This view is Stella Staff's." in refused.json()["detail"]
    assert other.delete(view).status_code == HTTPStatus.FORBIDDEN
    assert other.patch(view, {"default": True}).json()["default"] is True
    assert api.get(view).json()["default"] is False
    assert api_of(admin).patch(view, {"name": "Switched off"}).json()["name"] == "Switched off"
    assert api_of(admin).delete(view).status_code == HTTPStatus.NO_CONTENT
    assert SavedView.objects.count() == DefaultView.objects.count() == 0


def test_who_stops_the_sharing_of_somebody_elses_view_is_told_what_it_was(
    api: ApiClient, api_of: ApiOf, staff: User, admin: User
) -> None:
    view = save(api, shared=True)
    manager = api_of(admin)
    refused = manager.patch(f"views/{view['id']}", {"shared": False, "default": True})
    assert refused.json()["errors"] == [
        {"field": "default", "message": "Only Stella Staff sees it when it is not shared."}
    ]
    answer = manager.patch(f"views/{view['id']}", {"shared": False})
    assert answer.status_code == HTTPStatus.OK
    told = answer.json()
    assert (told["name"], told["shared"], told["own"], told["changeable"]) == ("Off", False, False, False)
    assert (told["default"], told["default_for_all"]) == (False, False)
    assert manager.get(f"views/{view['id']}").status_code == HTTPStatus.NOT_FOUND
    own = api.get(f"views/{view['id']}")
    assert (own["ETag"], own.json()["changeable"]) == (answer["ETag"], True)


def test_an_older_version_is_not_overwritten(api: ApiClient) -> None:
    made = api.post("views", {"grid": "customers", "name": "Off"})
    path = f"views/{made.json()['id']}"
    assert api.patch(path, {"name": "Away"}, headers={"If-Match": made["ETag"]}).status_code == 200
    stale = api.patch(path, {"name": "Gone"}, headers={"If-Match": made["ETag"]})
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert api.get(path).json()["name"] == "Away"


@pytest.mark.usefixtures("_two")
def test_a_page_opens_with_the_default_a_view_or_its_parameters(
    api: ApiClient, client_of: ClientOf, staff: User
) -> None:
    view = save(api, default=True)
    client = client_of(staff)
    assert shown(client) == ["Birch"]
    assert shown(client, view="none") == ["Acme", "Birch"]
    assert shown(client, status="active") == ["Acme"]
    assert shown(client, view=view["id"]) == ["Birch"]
    assert shown(client, view=view["id"], status="all") == ["Acme", "Birch"]
    assert "Off" in client.get("/customers/").content.decode()
    api.patch(f"views/{view['id']}", {"default": False})
    assert shown(client) == ["Acme", "Birch"]


@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize("wanted", ["987654", "9" * 30, "x", "-1", ""])
def test_a_link_to_no_view_shows_everything(client_of: ClientOf, staff: User, wanted: str) -> None:
    client = client_of(staff)
    assert shown(client, view=wanted) == ["Acme", "Birch"]
    told = client.get(f"/customers/?view={wanted}").context["grid_declaration"]["views"]
    assert told["missing"] is wanted.isdigit()


@pytest.mark.usefixtures("_two")
def test_a_default_for_all_is_chosen_by_who_manages_users_and_yields_to_ones_own(
    api: ApiClient, api_of: ApiOf, client_of: ClientOf, staff: User, admin: User, north_user: User
) -> None:
    view = f"views/{save(api)['id']}"
    refused = api.patch(view, {"default_for_all": True})
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert api_of(admin).patch(view, {"default_for_all": True}).status_code == HTTPStatus.NOT_FOUND
    api.patch(view, {"shared": True})
    assert api_of(admin).patch(view, {"default_for_all": True}).json()["default_for_all"] is True
    assert shown(client_of(staff)) == shown(client_of(admin)) == ["Birch"]
    assert shown(client_of(north_user)) == []  # a side of its own
    own = save(api_of(admin), "On", query="status=active", default=True)
    assert shown(client_of(admin)) == ["Acme"]
    assert own["default"] is True
    api.patch(view, {"shared": False})
    assert shown(client_of(staff)) == ["Acme", "Birch"]


def test_only_a_shared_view_is_the_default_for_all(api_of: ApiOf, admin: User) -> None:
    api = api_of(admin)
    answer = api.patch(f"views/{save(api)['id']}", {"default_for_all": True})
    assert answer.json()["errors"][0]["message"] == "Share the view first: others do not see it."


def test_one_default_takes_the_place_of_another(api: ApiClient) -> None:
    first = save(api, "First", default=True)
    save(api, "Second", default=True)
    assert api.get(f"views/{first['id']}").json()["default"] is False
    assert DefaultView.objects.count() == 1


def test_a_view_that_is_no_longer_shared_is_nobodys_default(
    api: ApiClient, api_of: ApiOf, colleague: User
) -> None:
    view = f"views/{save(api, shared=True, default=True)['id']}"
    api_of(colleague).patch(view, {"default": True})
    api.patch(view, {"shared": False})
    assert [default.user for default in DefaultView.objects.all()] == [SavedView.objects.get().owner]


def test_everything_is_in_the_audit_log(api: ApiClient, staff: User) -> None:
    view = save(api)
    api.patch(f"views/{view['id']}", {"name": "Away", "default": True})
    api.patch(f"views/{view['id']}", {"name": "Away"})  # changes nothing
    api.delete(f"views/{view['id']}")
    told = AuditEntry.objects.filter(subject_type="view", subject_id=view["id"]).order_by("id")
    assert [(entry.action, entry.user_id) for entry in told] == [
        ("view.created", staff.pk),
        ("view.updated", staff.pk),
        ("view.deleted", staff.pk),
    ]
    assert told[1].changes == {"name": ["Off", "Away"], "default": [False, True]}


def test_views_cost_a_page_one_statement(client_of: ClientOf, staff: User, api: ApiClient) -> None:
    client = client_of(staff)
    client.get("/customers/")
    for number in range(3):
        save(api, f"View {number}", default=number == 1)
    with CaptureQueriesContext(connection) as statements:
        client.get("/customers/")
    assert len([one for one in statements if "saved_view" in one["sql"]]) == 1


def test_an_action_by_somebody_else_is_refused_too(staff: User, colleague: User, api: ApiClient) -> None:
    view = save(api, shared=True)
    with pytest.raises(Forbidden):
        actions.delete_view(view_id=view["id"], by=acting(colleague, via="form"))
    assert SavedView.objects.get().owner == staff
