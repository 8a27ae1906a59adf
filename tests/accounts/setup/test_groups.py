"""Setup › Groups: what members may do, and who may say so."""

from collections.abc import Iterable, Mapping
from threading import Event, Thread, current_thread

import pytest
from django.db import connections

from linecard.accounts import actions
from linecard.accounts.actions import groups
from linecard.accounts.actor import UserActor
from linecard.accounts.models import Group, User
from linecard.accounts.permissions import added_up, may
from tests.accounts.setup.conftest import ClientOf, MakeUser


def ready_made(key: str) -> Group:
    return actions.ready_made_group(key)


def test_a_group_is_made(client_of: ClientOf, admin: User) -> None:
    sent = {"name": "Night shift", "permission": ["customers.read", "notes.read", "notes.create"]}
    answer = client_of(admin).post("/groups/new/", sent)
    group = Group.objects.get(name="Night shift")
    assert (answer.status_code, answer["Location"]) == (302, f"/groups/{group.pk}/")
    assert group.permissions == {"customers": ["read"], "notes": ["create", "read"]}


@pytest.mark.parametrize(
    "sent",
    [
        {"name": ""},
        {"name": "nOc"},
        {"name": "x" * 101},
        {"name": "<b>Night</b>"},
        {"name": "Night\u202etfihs"},
        {"name": "\u200b"},
        {"name": "Odd", "permission": ["planets.read"]},
        {"name": "Odd", "permission": ["audit.burn"]},
        {"name": "Odd", "permission": ["customers"]},
    ],
)
def test_a_group_that_cannot_be_is_not_made(
    client_of: ClientOf, admin: User, sent: dict[str, object]
) -> None:
    ready_made("noc")
    before = Group.objects.count()
    answer = client_of(admin).post("/groups/new/", sent)
    assert answer.status_code == 422
    assert "notice-bad" in answer.content.decode()
    assert Group.objects.count() == before


def test_the_boxes_show_what_a_group_permits(client_of: ClientOf, admin: User, clerks: Group) -> None:
    matrix = client_of(admin).get(f"/groups/{clerks.pk}/").context["form"].matrix()
    ticked = {box.value for row in matrix for box in row.boxes if box.is_ticked}
    assert ticked == {"customers.read", "users.create", "users.read", "users.update", "users.delete"}
    (audit,) = [row for row in matrix if row.area.name == "audit"]
    assert [(box.verb, box.exists) for box in audit.boxes] == [
        ("create", False),
        ("read", True),
        ("update", False),
        ("delete", False),
    ]


def test_a_change_holds_for_the_members_at_once(
    client_of: ClientOf, admin: User, make_user: MakeUser
) -> None:
    noc = ready_made("noc")
    ned = make_user("ned", "noc")
    theirs = client_of(ned)
    assert theirs.get("/customers/").status_code == 200
    sent = {"name": "NOC", "version": noc.version, "permission": ["notes.read"]}
    assert client_of(admin).post(f"/groups/{noc.pk}/", sent).status_code == 302
    assert theirs.get("/customers/").status_code == 403


def test_two_at_once_lose_nothing(client_of: ClientOf, admin: User, clerks: Group) -> None:
    client, sent = (
        client_of(admin),
        {"name": "Clerks", "version": clerks.version, "permission": ["users.read"]},
    )
    assert client.post(f"/groups/{clerks.pk}/", sent).status_code == 302
    answer = client.post(f"/groups/{clerks.pk}/", sent | {"permission": ["users.delete"]})
    assert answer.status_code == 422
    assert "Somebody changed this group since you opened it." in answer.content.decode()
    clerks.refresh_from_db()
    assert clerks.permissions == {"users": ["read"]}


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_a_group_while_it_changes_keeps_nothing_of_it(
    make_user: MakeUser, ada: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one change waits for the other: else it would add up what the other has just taken away."""
    noc, read_only = ready_made("noc"), ready_made("read_only")
    ned = make_user("ned", "noc")
    has_added_up, has_tried = Event(), Event()

    def added_up_slowly(permissions: Iterable[Mapping[str, Iterable[str]]]) -> dict[str, list[str]]:
        together = added_up(permissions)
        if current_thread() is changing:
            has_added_up.set()
            has_tried.wait(1)
        return together

    def change() -> None:
        try:
            actions.update_group(group_id=noc.pk, by=ada, permissions={"customers": ["read", "delete"]})
        finally:
            connections.close_all()

    monkeypatch.setattr(groups, "added_up", added_up_slowly)
    changing = Thread(target=change)
    changing.start()
    assert has_added_up.wait(20)
    actions.update_user(user_id=ned.pk, by=ada, values={}, groups=[read_only])
    has_tried.set()
    changing.join(20)
    ned.refresh_from_db()
    assert ned.permissions == added_up([read_only.permissions])


def test_the_administrators_group_cannot_be_changed(client_of: ClientOf, admin: User) -> None:
    group, client = ready_made("administrator"), client_of(admin)
    page = client.get(f"/groups/{group.pk}/").content.decode()
    assert ">Save</button>" not in page
    sent = {"name": "Nobody", "version": group.version}
    page = client.post(f"/groups/{group.pk}/", sent, follow=True).content.decode()
    assert "Administrators may do everything; this group cannot be changed." in page
    admin.refresh_from_db()
    assert may(admin, "users", "update")


def test_only_an_empty_group_of_ones_own_is_deleted(
    client_of: ClientOf, admin: User, ada: UserActor, clerks: Group, clerk: User
) -> None:
    client = client_of(admin)
    page = client.post(f"/groups/{clerks.pk}/delete/", follow=True).content.decode()
    assert "users are in this group. Put them into another one first." in page
    noc = ready_made("noc")
    page = client.post(f"/groups/{noc.pk}/delete/", follow=True).content.decode()
    assert "NOC is there from the start; change what it permits instead." in page
    actions.update_user(user_id=clerk.pk, by=ada, values={}, groups=[noc])
    answer = client.post(f"/groups/{clerks.pk}/delete/")
    assert (answer.status_code, answer["Location"]) == (302, "/groups/")
    assert not Group.objects.filter(pk=clerks.pk).exists()
    assert client.get(f"/groups/{clerks.pk}/").status_code == 404


def test_nobody_permits_more_than_they_may(client_of: ClientOf, clerk: User, clerks: Group) -> None:
    client = client_of(clerk)
    answer = client.post("/groups/new/", {"name": "More", "permission": ["customers.delete"]})
    assert answer.status_code == 422
    assert "You cannot permit more than you may do yourself." in answer.content.decode()
    own = {"name": "Clerks", "version": clerks.version, "permission": ["settings.update"]}
    assert client.post(f"/groups/{clerks.pk}/", own).status_code == 422
    finance = ready_made("finance")
    assert ">Save</button>" not in client.get(f"/groups/{finance.pk}/").content.decode()
    less = {"name": "Finance", "version": finance.version, "permission": ["customers.read"]}
    assert client.post(f"/groups/{finance.pk}/", less).status_code == 403
    finance.refresh_from_db()
    assert "contacts" in finance.permissions


@pytest.mark.parametrize("path", ["/groups/new/", "/groups/{group}/", "/groups/{group}/delete/"])
def test_a_resellers_users_do_not_come_here(
    client_of: ClientOf, north_clerk: User, clerks: Group, path: str
) -> None:
    sent = {"name": "Ours", "version": clerks.version, "permission": ["users.read"]}
    assert client_of(north_clerk).post(path.format(group=clerks.pk), sent).status_code == 403
    clerks.refresh_from_db()
    assert (clerks.name, clerks.version) == ("Clerks", 1)
