"""Pending changes over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from linecard.accounts.models import Reseller, User
from linecard.customers import actions
from linecard.customers.models import Customer, PendingChange
from linecard.kernel.clock import now, read_moment, write_moment
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]


@pytest.fixture
def api(api_of: ApiOf, staff: User) -> ApiClient:
    return api_of(staff)


@pytest.fixture
def card(make_customer: MakeCustomer) -> Customer:
    return make_customer("Acme", debit_limit="100.00")


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, response.content
    return {error["field"]: error["message"] for error in response.json()["errors"]}


def test_a_change_waits_and_can_be_read_listed_and_cancelled(api: ApiClient, card: Customer) -> None:
    run_at = now() + timedelta(hours=1)
    planned = api.post(
        f"customers/{card.pk}/pending-changes",
        {"run_at": write_moment(run_at), "changes": {"debit_limit": "0", "channels": 5}},
    )
    assert planned.status_code == HTTPStatus.CREATED
    body = planned.json()
    path = f"/api/v1/customers/{card.pk}/pending-changes/{body['id']}"
    assert planned.headers["Location"] == path
    assert read_moment(body.pop("made_at")) <= now()
    expected = {
        "id": body["id"],
        "action": "update",
        "customer": card.pk,
        "job": None,
        "state": "waiting",
        "run_at": write_moment(run_at),
        "revert_at": None,
        "reverts": None,
        "changes": {"debit_limit": "0.00", "channels": 5},
        "expected": {"debit_limit": "100.00", "channels": None},
        "data": None,
        "made_by": "Stella Staff",
        "finished_by": None,
        "finished_at": None,
        "problems": [],
    }
    assert body == expected
    for address in (path, f"pending-changes/{body['id']}"):
        assert api.get(address).json().items() >= expected.items()
    for address in (
        f"customers/{card.pk}/pending-changes",
        "pending-changes",
        "pending-changes?state=waiting",
    ):
        listed = api.get(address).json()
        assert ([change["id"] for change in listed["results"]], listed["total"]) == ([body["id"]], 1)

    assert api.delete(path).status_code == HTTPStatus.NO_CONTENT
    cancelled = api.get(path).json()
    assert (cancelled["state"], cancelled["finished_by"]) == ("cancelled", "Stella Staff")
    assert api.get("pending-changes?state=waiting").json()["total"] == 0
    again = api.delete(path)
    assert again.status_code == HTTPStatus.CONFLICT
    assert again.json()["detail"] == "This change is cancelled already."
    card.refresh_from_db()
    assert (card.debit_limit_micros, card.version) == (100_000_000, 1)


def test_no_delay_applies_at_once_and_the_temporary_change_waits_to_revert(
    api: ApiClient, card: Customer
) -> None:
    revert_at = write_moment(now() + timedelta(minutes=1))
    planned = api.post(
        f"customers/{card.pk}/pending-changes",
        {"delay_seconds": 0, "changes": {"debit_limit": "500.00"}, "revert_at": revert_at},
    ).json()
    assert planned["state"] == "applied"
    assert api.get(f"customers/{card.pk}").json()["debit_limit"] == "500.00"
    reversion = api.get("pending-changes?state=waiting").json()["results"][0]
    assert (reversion["reverts"], reversion["run_at"]) == (planned["id"], revert_at)
    assert reversion["changes"] == {"debit_limit": "100.00"}
    run = api.post(f"customers/{card.pk}/pending-changes/{reversion['id']}/run")
    assert (run.status_code, run.json()["state"]) == (HTTPStatus.OK, "applied")
    assert api.get(f"customers/{card.pk}").json()["debit_limit"] == "100.00"


def test_a_held_change_runs_only_over_what_is_there_when_told_to(api: ApiClient, card: Customer) -> None:
    change = api.post(
        f"customers/{card.pk}/pending-changes", {"delay_seconds": 600, "changes": {"channels": 5}}
    ).json()
    api.patch(f"customers/{card.pk}", {"channels": 3})
    path = f"customers/{card.pk}/pending-changes/{change['id']}/run"
    held = api.post(path, {}).json()
    assert held["state"] == "held"
    assert held["problems"] == [
        {"field": "channels", "message": "Was No limit when this was planned, is 3 now."}
    ]
    assert api.post(path, {"override": False}).json()["state"] == "held"
    assert api.post(path, {"override": True}).json()["state"] == "applied"
    assert api.get(f"customers/{card.pk}").json()["channels"] == 5
    assert api.post(path).status_code == HTTPStatus.CONFLICT


def test_a_new_card_is_planned_and_made(api: ApiClient) -> None:
    planned = api.post(
        "pending-changes",
        {"action": "create", "delay_seconds": 900, "data": {"name": "Later", "currency": "EUR"}},
    )
    assert planned.status_code == HTTPStatus.CREATED
    body = planned.json()
    path = f"/api/v1/pending-changes/{body['id']}"
    assert planned.headers["Location"] == path
    assert (body["action"], body["customer"], body["changes"], body["expected"]) == (
        "create",
        None,
        None,
        None,
    )
    assert body["data"] == {"name": "Later", "currency": "EUR", "reseller": None}
    assert not Customer.objects.exists()
    run = api.post(f"{path}/run").json()
    card = Customer.objects.get()
    assert (run["state"], run["customer"], card.name) == ("applied", card.pk, "Later")


def test_a_planned_card_can_be_cancelled(api: ApiClient) -> None:
    data = {"name": "Never", "currency": "EUR"}
    body = api.post("pending-changes", {"action": "create", "delay_seconds": 900, "data": data}).json()
    assert api.delete(f"pending-changes/{body['id']}").status_code == HTTPStatus.NO_CONTENT
    assert PendingChange.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"changes": {"channels": 1}}, {"run_at"}),
        ({"changes": {"channels": 1}, "run_at": "2026-01-31T12:00:00Z", "delay_seconds": 5}, {"run_at"}),
        ({"changes": {"channels": 1}, "run_at": "2020-01-31T12:00:00Z"}, {"run_at"}),
        ({"changes": {"channels": 1}, "run_at": "tomorrow"}, {"run_at"}),
        ({"changes": {"channels": 1}, "run_at": "2027-01-31T12:00:00"}, {"run_at"}),
        ({"changes": {"channels": 1}, "run_at": "9999-12-31T23:59:59-14:00"}, {"run_at"}),
        ({"changes": {"channels": 1}, "run_at": 1893456000}, {"run_at"}),
        ({"changes": {"channels": 1}, "delay_seconds": -1}, {"delay_seconds"}),
        ({"changes": {"channels": 1}, "delay_seconds": 10**30}, {"delay_seconds"}),
        ({"changes": {"channels": 1}, "delay_seconds": "60"}, {"delay_seconds"}),
        (
            {"changes": {"channels": 1}, "delay_seconds": 9, "revert_at": "2020-01-31T12:00:00Z"},
            {"revert_at"},
        ),
        ({"changes": {}, "delay_seconds": 9}, {"changes"}),
        ({"delay_seconds": 9}, {"changes"}),
        (
            {"changes": {"channels": -1, "tax": "1000"}, "delay_seconds": 9},
            {"changes.channels", "changes.tax"},
        ),
        ({"changes": {"currency": "USD"}, "delay_seconds": 9}, {"changes.currency"}),
        ({"changes": {"colour": "red"}, "delay_seconds": 9}, {"changes.colour"}),
        ({"changes": {"channels": "1"}, "delay_seconds": 9}, {"changes.channels"}),
        ({"changes": {"channels": 1}, "delay_seconds": 9, "when": "now"}, {"when"}),
    ],
)
def test_what_cannot_be_planned_is_told_now(
    api: ApiClient, card: Customer, body: dict[str, Any], fields: set[str]
) -> None:
    refused = errors(api.post(f"customers/{card.pk}/pending-changes", body))
    assert refused.keys() == fields
    assert not PendingChange.objects.exists()


def test_a_new_card_that_cannot_be_is_told_now(api: ApiClient, card: Customer) -> None:
    data = {"name": "acme", "currency": "XXX"}
    refused = api.post("pending-changes", {"action": "create", "delay_seconds": 9, "data": data})
    assert errors(refused).keys() == {"data.name", "data.currency"}
    bulk = api.post("pending-changes", {"action": "bulk", "delay_seconds": 9, "data": data})
    assert errors(bulk).keys() == {"selection", "changes", "data"}
    other = api.post("pending-changes", {"action": "update", "delay_seconds": 9, "data": data})
    assert errors(other).keys() == {"action"}
    assert not PendingChange.objects.exists()


def test_a_change_of_another_card_is_not_there(
    api: ApiClient, card: Customer, make_customer: MakeCustomer
) -> None:
    change = api.post(
        f"customers/{card.pk}/pending-changes", {"delay_seconds": 600, "changes": {"channels": 5}}
    ).json()
    path = f"customers/{make_customer('Other').pk}/pending-changes/{change['id']}"
    for response in (api.get(path), api.delete(path), api.post(f"{path}/run")):
        assert response.status_code == HTTPStatus.NOT_FOUND
    assert PendingChange.objects.get().state == "waiting"


def test_a_reseller_sees_its_own_changes_only(
    api_of: ApiOf,
    api: ApiClient,
    north_user: User,
    north: Reseller,
    south: Reseller,
    make_customer: MakeCustomer,
    by: Any,
) -> None:
    at = now() + timedelta(hours=1)
    for reseller in (north, south):
        card = make_customer(f"Card of {reseller}", reseller=reseller.pk)
        actions.plan_change(customer_id=card.pk, values={"channels": 1}, run_at=at, by=by)
        actions.plan_new_card(
            values={"name": f"New of {reseller}", "currency": "EUR", "reseller": reseller.pk},
            run_at=at,
            by=by,
        )
    assert api.get("pending-changes").json()["total"] == 4
    seen = api_of(north_user).get("pending-changes").json()
    assert seen["total"] == 2
    assert {
        change["customer"] and Customer.objects.get(pk=change["customer"]).name for change in seen["results"]
    } == {
        None,
        "Card of North",
    }
    assert [change["data"]["name"] for change in seen["results"] if change["data"]] == ["New of North"]
