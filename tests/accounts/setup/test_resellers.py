"""Setup › Resellers: made, renamed, and what belongs to them."""

import pytest

from linecard.accounts.models import Reseller, User
from tests.accounts.setup.conftest import ClientOf
from tests.conftest import MakeCustomer


def test_a_reseller_is_made_and_renamed(client_of: ClientOf, admin: User) -> None:
    client = client_of(admin)
    answer = client.post("/resellers/new/", {"name": "North"})
    reseller = Reseller.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/resellers/{reseller.pk}/")
    assert client.post(f"/resellers/{reseller.pk}/", {"name": "Far North"}).status_code == 302
    reseller.refresh_from_db()
    assert reseller.name == "Far North"


@pytest.mark.parametrize("name", ["", "NORTH", "x" * 201, "<b>"])
def test_a_wrong_name_is_told_at_its_field(
    client_of: ClientOf, admin: User, north: Reseller, south: Reseller, name: str
) -> None:
    client = client_of(admin)
    for path in ("/resellers/new/", f"/resellers/{south.pk}/"):
        answer = client.post(path, {"name": name})
        assert answer.status_code == 422
        assert 'id="id_name_error"' in answer.content.decode()
    assert sorted(Reseller.objects.values_list("name", flat=True)) == ["North", "South"]


def test_its_page_shows_its_users_and_customers(
    client_of: ClientOf,
    admin: User,
    north: Reseller,
    north_user: User,
    south_user: User,
    make_customer: MakeCustomer,
) -> None:
    make_customer("Acme", reseller=north.pk)
    make_customer("Other")
    client = client_of(admin)
    answer = client.get(f"/resellers/{north.pk}/")
    assert list(answer.context["members"]) == [north_user]
    (figure,) = answer.context["figures"]
    assert (figure.label, figure.number) == ("Customers", 1)
    rows = client.get(figure.list_url).context["grid_declaration"]["first"]["rows"]
    assert [row["name"] for row in rows] == ["Acme"]
    assert f'href="/users/new/?reseller={north.pk}"' in answer.content.decode()


def test_only_staff_who_manage_users_come_here(
    client_of: ClientOf, staff: User, north_clerk: User, north: Reseller
) -> None:
    for user in (staff, north_clerk):
        client = client_of(user)
        for path in ("/resellers/new/", f"/resellers/{north.pk}/"):
            assert client.get(path).status_code == 403
            assert client.post(path, {"name": "Mine"}).status_code == 403
    north.refresh_from_db()
    assert north.name == "North"


def test_what_is_not_there_is_not_found(client_of: ClientOf, admin: User) -> None:
    client = client_of(admin)
    for path in ("/resellers/999999/", "/groups/999999/", "/users/999999/"):
        assert client.get(path).status_code == 404
