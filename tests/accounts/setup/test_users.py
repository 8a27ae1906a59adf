"""Setup › Users: making users, changing them, deactivating them, and how they come in."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linecard.accounts import actions
from linecard.accounts.actor import UserActor, command_actor
from linecard.accounts.models import ApiToken, Group, Reseller, User
from linecard.accounts.queries import confirmed_factor
from linecard.audit.models import AuditEntry
from tests.accounts.setup.conftest import ClientOf, MakeUser
from tests.conftest import PASSWORD, MakeCustomer

NEW = "a very new pass phrase"

Given = dict[str, Any]
GivenFor = Callable[..., Given]


@pytest.fixture
def given() -> GivenFor:
    """What the form of a user sends: ``given(username="fay", groups=[…])``."""

    def fill(**values: object) -> Given:
        blank = {
            "username": "fay",
            "name": "",
            "email": "",
            "reseller": "",
            "time_zone": "UTC",
            "language": "en",
            "allowed_addresses": "",
            "entry": "password",
            "password": NEW,
        }
        return blank | values

    return fill


def ready_made(key: str) -> int:
    return actions.ready_made_group(key).pk


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def group_names(user: User) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


def test_a_user_is_made_with_a_password(
    client_of: ClientOf, admin: User, given: GivenFor, north: Reseller
) -> None:
    answer = client_of(admin).post(
        "/users/new/",
        given(
            name="Fay",
            email="fay@example.net",
            reseller=north.pk,
            groups=[ready_made("reseller"), ready_made("finance")],
            time_zone="Asia/Tokyo",
            allowed_addresses="192.0.2.7\n2001:db8::/32",
        ),
    )
    fay = User.objects.get(username="fay")
    assert (answer.status_code, answer["Location"]) == (302, f"/users/{fay.pk}/")
    assert (fay.name, fay.email, fay.reseller, fay.time_zone) == (
        "Fay",
        "fay@example.net",
        north,
        "Asia/Tokyo",
    )
    assert fay.allowed_addresses == ["192.0.2.7/32", "2001:db8::/32"]
    assert group_names(fay) == ["Finance", "Reseller"]
    assert fay.check_password(NEW)


def test_an_invited_user_gets_a_link_that_is_shown_once(
    client_of: ClientOf, admin: User, given: GivenFor
) -> None:
    client = client_of(admin)
    answer = client.post("/users/new/", given(entry="invite", password="", groups=[ready_made("noc")]))
    fay = User.objects.get(username="fay")
    found = re.search(r'value="(http://testserver/invitation/\?link=[^"]+)"', answer.content.decode())
    assert answer.status_code == 200
    assert found is not None
    assert not fay.has_usable_password()
    assert "invitation/?link" not in client.get(f"/users/{fay.pk}/").content.decode()
    visitor = Client()
    assert visitor.get(found[1]).status_code == 200
    link = found[1].partition("link=")[2]
    visitor.post("/invitation/", {"link": link, "new": NEW, "repeated": NEW})
    fay.refresh_from_db()
    assert fay.check_password(NEW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "ADMIN"}, "username"),
        ({"email": "nowhere"}, "email"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"allowed_addresses": "192.0.2.0/99"}, "allowed_addresses"),
        ({"groups": ["999999"]}, "groups"),
        ({"groups": []}, "groups"),
        ({"reseller": "999999"}, "reseller"),
        ({"password": "short"}, "password"),
        ({"password": ""}, "password"),
        ({"entry": "invite"}, "entry"),  # with a password, which would be forgotten without a word
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_makes_nobody(
    client_of: ClientOf, admin: User, given: GivenFor, wrong: Given, field: str
) -> None:
    answer = client_of(admin).post("/users/new/", given(**{"groups": [ready_made("noc")], **wrong}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert NEW not in page
    assert User.objects.count() == 1


def test_a_reseller_leads_to_its_own_new_user(client_of: ClientOf, admin: User, north: Reseller) -> None:
    reseller_group = ready_made("reseller")
    form = client_of(admin).get(f"/users/new/?reseller={north.pk}").context["form"]
    assert form.initial == {
        "time_zone": "UTC",
        "reseller": north.pk,
        "groups": [str(reseller_group)],
    }
    for wrong in ("x", "-1", "9" * 30, "٣"):
        assert client_of(admin).get(f"/users/new/?reseller={wrong}").context["form"].initial == {
            "time_zone": "UTC"
        }


def test_a_user_is_changed(client_of: ClientOf, admin: User, staff: User, given: GivenFor) -> None:
    changed = given(username="stella", name="Stella", groups=[ready_made("finance")], version=staff.version)
    answer = client_of(admin).post(f"/users/{staff.pk}/", changed)
    assert (answer.status_code, answer["Location"]) == (302, f"/users/{staff.pk}/")
    staff.refresh_from_db()
    assert (staff.username, staff.name, group_names(staff)) == ("stella", "Stella", ["Finance"])
    entry = AuditEntry.objects.get(action="user.updated", subject_id=staff.pk)
    assert entry.user_id == admin.pk


def test_two_at_once_lose_nothing(client_of: ClientOf, admin: User, staff: User, given: GivenFor) -> None:
    client, groups = client_of(admin), [ready_made("finance")]
    first = given(username="staff", name="First", groups=groups, version=staff.version)
    assert client.post(f"/users/{staff.pk}/", first).status_code == 302
    answer = client.post(f"/users/{staff.pk}/", first | {"name": "Second"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "somebody else changed this user" in page
    assert 'value="Second"' in page
    staff.refresh_from_db()
    assert staff.name == "First"


def test_deactivating_ends_sessions_and_tokens_and_keeps_the_history(
    client_of: ClientOf, admin: User, staff: User
) -> None:
    theirs, client = client_of(staff), client_of(admin)
    _, secret = actions.create_token(user=staff, by=command_actor())
    assert is_signed_in(theirs)
    answer = client.post(f"/users/{staff.pk}/deactivate/")
    assert (answer.status_code, answer["Location"]) == (302, f"/users/{staff.pk}/")
    assert not is_signed_in(theirs)
    assert actions.authenticate_token(secret) is None
    assert "Deactivated" in client.get(f"/users/{staff.pk}/").content.decode()
    assert client.post(f"/users/{staff.pk}/activate/").status_code == 302
    staff.refresh_from_db()
    assert staff.is_active
    assert not is_signed_in(theirs)


def test_whoever_deactivates_themselves_is_led_out(client_of: ClientOf, admin: User, clerk: User) -> None:
    client = client_of(clerk)
    answer = client.post(f"/users/{clerk.pk}/deactivate/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert client.get("/sign-in/").status_code == 200
    clerk.refresh_from_db()
    assert not clerk.is_active


@pytest.mark.parametrize("version", ["", "-1", "²", "٣", "1e1", "9" * 5000])
def test_a_version_that_never_was_is_an_old_one(
    client_of: ClientOf, admin: User, staff: User, given: GivenFor, version: str
) -> None:
    changed = given(username="staff", name="Other", groups=[ready_made("finance")], version=version)
    answer = client_of(admin).post(f"/users/{staff.pk}/", changed)
    assert answer.status_code == 422
    assert "somebody else changed this user" in answer.content.decode()


def test_what_somebody_saved_of_their_own_is_not_overwritten(
    client_of: ClientOf, admin: User, staff: User, given: GivenFor
) -> None:
    opened = staff.version
    own = {"name": "Stella", "email": "stella@example.com", "time_zone": "Asia/Tokyo"}
    assert client_of(staff).post("/account/", own).status_code == 302
    changed = given(username="staff", name="Staff", groups=[ready_made("finance")], version=opened)
    answer = client_of(admin).post(f"/users/{staff.pk}/", changed)
    assert answer.status_code == 422
    assert "somebody else changed this user" in answer.content.decode()
    staff.refresh_from_db()
    assert {name: getattr(staff, name) for name in own} == own


def test_the_last_administrator_stays(client_of: ClientOf, admin: User, given: GivenFor) -> None:
    client = client_of(admin)
    page = client.post(f"/users/{admin.pk}/deactivate/", follow=True).content.decode()
    assert "This is the last active administrator. Make another one first." in page
    demoted = given(username="admin", groups=[ready_made("noc")], version=admin.version)
    page = client.post(f"/users/{admin.pk}/", demoted, follow=True).content.decode()
    assert "This is the last active administrator. Make another one first." in page
    admin.refresh_from_db()
    assert (admin.is_active, admin.is_administrator) == (True, True)


def test_a_new_password_ends_the_sessions(client_of: ClientOf, admin: User, staff: User) -> None:
    theirs, client = client_of(staff), client_of(admin)
    answer = client.post(f"/users/{staff.pk}/password/", {"new_password": "short"})
    assert answer.status_code == 422
    assert 'id="id_new_password_error"' in answer.content.decode()
    assert is_signed_in(theirs)
    answer = client.post(f"/users/{staff.pk}/password/", {"new_password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, f"/users/{staff.pk}/")
    staff.refresh_from_db()
    assert staff.check_password(NEW)
    assert not is_signed_in(theirs)


def test_sessions_are_listed_and_ended(client_of: ClientOf, admin: User, staff: User) -> None:
    one, two, client = client_of(staff), client_of(staff), client_of(admin)
    one.get("/account/", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    sessions = list(client.get(f"/users/{staff.pk}/").context["sessions"])
    assert len(sessions) == 2
    client.post(f"/users/{staff.pk}/sessions/{sessions[0].pk}/end/")
    assert sorted([is_signed_in(one), is_signed_in(two)]) == [False, True]
    assert client.post(f"/users/{staff.pk}/sessions/{sessions[0].pk}/end/").status_code == 404
    client.post(f"/users/{staff.pk}/sign-out/")
    assert not is_signed_in(one)
    assert not is_signed_in(two)
    assert is_signed_in(client)


def test_tokens_are_made_shown_once_and_revoked(client_of: ClientOf, admin: User, staff: User) -> None:
    client = client_of(admin)
    given = {"kind": "switch", "read_only": "on", "expires_days": "30"}
    page = client.post(f"/users/{staff.pk}/tokens/", given).content.decode()
    (secret,) = set(re.findall(r"lc_[\w-]{43}", page))
    token = ApiToken.objects.get()
    assert (token.user, token.kind, token.read_only) == (staff, "switch", True)
    page = client.get(f"/users/{staff.pk}/").content.decode()
    assert secret not in page
    assert f"Revoke {secret[:8]}" in page
    other = actions.create_token(user=admin, by=command_actor())[0]
    assert client.post(f"/users/{staff.pk}/tokens/{other.pk}/revoke/").status_code == 404
    assert client.post(f"/users/{staff.pk}/tokens/{token.pk}/revoke/").status_code == 302
    assert actions.authenticate_token(secret) is None
    assert client.post(f"/users/{staff.pk}/tokens/", {"expires_days": "0", "kind": "api"}).status_code == 422
    assert client.post(f"/users/{staff.pk}/tokens/", {"kind": "root"}).status_code == 422


def test_a_lost_second_factor_is_taken_off(client_of: ClientOf, admin: User, staff: User) -> None:
    client = client_of(admin)
    page = client.post(f"/users/{staff.pk}/second-factor/off/", follow=True).content.decode()
    assert "There is no second factor." in page
    assert confirmed_factor(staff) is None


OWN_WAYS_IN = (
    "invite",
    "password",
    "second-factor/off",
    "sign-out",
    "sessions/1/end",
    "tokens",
    "tokens/1/revoke",
)


@pytest.mark.parametrize("way", OWN_WAYS_IN)
def test_own_ways_in_are_on_the_own_page_alone(client_of: ClientOf, admin: User, way: str) -> None:
    """There the present password is asked for; a browser left open must not get around that."""
    client = client_of(admin)
    page = client.post(f"/users/{admin.pk}/{way}/", {"new_password": NEW}, follow=True).content.decode()
    assert "are on your account’s page." in page
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)
    assert not ApiToken.objects.exists()
    assert is_signed_in(client)


CHANGES = ("", "deactivate/", "activate/", "invite/", "password/", "sign-out/", "tokens/")


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_opens_an_account_that_may_do_more(
    client_of: ClientOf, admin: User, staff: User, clerk: User, given: GivenFor, change: str
) -> None:
    """The clerk manages users; the administrator and the account manager may do what the clerk may not."""
    client = client_of(clerk)
    before = list(User.objects.order_by("pk").values())
    sent = given(username="taken", new_password=NEW, kind="api", groups=[ready_made("read_only")], version=1)
    assert client.post(f"/users/{admin.pk}/{change}", sent).status_code in (403, 422)
    if change in ("invite/", "password/", "tokens/"):
        assert client.post(f"/users/{staff.pk}/{change}", sent).status_code == 403
    assert [user for user in User.objects.order_by("pk").values() if user["username"] == "admin"] == [
        user for user in before if user["username"] == "admin"
    ]
    assert not ApiToken.objects.exists()


def test_nobody_gives_more_than_they_have(
    client_of: ClientOf, clerk: User, clerks: Group, given: GivenFor
) -> None:
    client = client_of(clerk)
    offered = [label for _, label in client.get("/users/new/").context["form"].fields["groups"].choices]
    assert offered == ["Clerks"]
    answer = client.post("/users/new/", given(groups=[ready_made("administrator")]))
    assert answer.status_code == 422
    assert client.post("/users/new/", given(groups=[clerks.pk])).status_code == 302
    assert group_names(User.objects.get(username="fay")) == ["Clerks"]


def test_a_reseller_manages_its_own_users_alone(
    client_of: ClientOf,
    north_clerk: User,
    south_user: User,
    staff: User,
    north: Reseller,
    south: Reseller,
    clerks: Group,
    given: GivenFor,
) -> None:
    client = client_of(north_clerk)
    for stranger in (south_user, staff):
        assert client.get(f"/users/{stranger.pk}/").status_code == 404
        for change in CHANGES:
            answer = client.post(f"/users/{stranger.pk}/{change}", given(groups=[clerks.pk]))
            assert answer.status_code == 404, change
    assert "reseller" not in client.get("/users/new/").context["form"].fields
    assert client.post("/users/new/", given(groups=[clerks.pk], reseller=south.pk)).status_code == 302
    assert User.objects.get(username="fay").reseller == north


def test_who_may_only_read_is_offered_nothing(
    client_of: ClientOf, ada: UserActor, staff: User, make_user: MakeUser
) -> None:
    group = actions.create_group(name="Lookers", permissions={"users": ["read"]}, by=ada)
    client = client_of(make_user("lou", groups=(group,)))
    page = client.get(f"/users/{staff.pk}/").content.decode()
    assert re.findall(r'action="(/users/[^"]*)"', page) == [f"/users/{staff.pk}/"]
    assert ">Save</button>" not in page
    assert "Add a user" not in client.get("/users/").content.decode()
    assert client.get("/users/new/").status_code == 403
    assert client.post(f"/users/{staff.pk}/deactivate/").status_code == 403


def test_the_cards_of_an_account_manager_can_be_handed_over(
    client_of: ClientOf, admin: User, staff: User, make_customer: MakeCustomer
) -> None:
    make_customer("Acme", account_manager=staff.pk)
    client = client_of(admin)
    (figure,) = client.get(f"/users/{staff.pk}/").context["figures"]
    assert (figure.label, figure.number) == ("Customers", 1)
    assert figure.hand_over_url == f"/account-managers/{staff.pk}/hand-over/"
    assert [
        row["name"] for row in client.get(figure.list_url).context["grid_declaration"]["first"]["rows"]
    ] == ["Acme"]
    (figure,) = client.get(f"/users/{admin.pk}/").context["figures"]
    assert (figure.number, figure.hand_over_url) == (0, "")
