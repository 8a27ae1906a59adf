"""Many cards at once through the API: jobs, previews, results card by card, undo, and later."""

from collections.abc import Callable
from typing import Any

import pytest

from linecard.accounts.actor import UserActor
from linecard.accounts.models import Reseller, User
from linecard.customers import actions
from linecard.customers.bulk_work import starting, work
from linecard.customers.models import BulkWork, Customer, Meter
from tests.conftest import ApiClient, MakeCustomer
from tests.customers.bulk_work.conftest import done, values

pytestmark = pytest.mark.django_db

ALL = {"all": True}


@pytest.fixture
def api(api_of: Callable[[User], ApiClient], staff: User) -> ApiClient:
    """The employee's program."""
    return api_of(staff)


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.content
    return {error["field"]: error["message"] for error in response.json()["errors"]}


def test_a_small_edit_is_done_when_the_answer_comes(
    api: ApiClient, staff: User, make_customer: MakeCustomer
) -> None:
    first, second = make_customer("A", cps=5), make_customer("B", cps=60)
    answer = api.post("customers/bulk-edit", {"selection": ALL, "changes": {"cps": 60}})
    assert answer.status_code == 202
    job = answer.json()
    made_at, finished_at = job.pop("made_at"), job.pop("finished_at")
    assert made_at < finished_at
    assert job == {
        "kind": "bulk",
        "id": job["id"],
        "action": "edit",
        "state": "done",
        "progress": 100,
        "problem": "",
        "changes": {"cps": 60},
        "archive": False,
        "total": 2,
        "changed": 1,
        "unchanged": 1,
        "refused": 0,
        "held": 0,
        "undone": 0,
        "left_alone": 0,
        "forgotten_at": None,
        "made_by": "Stella Staff",
        "results": f"/api/v1/bulk-works/{job['id']}/results",
        "undo": f"/api/v1/bulk-works/{job['id']}/undo",
    }
    assert api.get(f"jobs/{job['id']}").json() == {**job, "made_at": made_at, "finished_at": finished_at}
    results = api.get(job["results"]).json()
    assert results == {
        "results": [
            {
                "customer": first.pk,
                "name": "A",
                "outcome": "changed",
                "reason": "",
                "changes": {"cps": [5, 60]},
            },
            {"customer": second.pk, "name": "B", "outcome": "unchanged", "reason": "", "changes": {}},
        ],
        "total": 2,
    }
    one = api.get(f"{job['results']}?outcome=changed&limit=1").json()
    assert ([result["name"] for result in one["results"]], one["total"]) == (["A"], 1)


def test_a_large_edit_goes_on_after_the_answer(
    api: ApiClient, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 2)
    monkeypatch.setattr(starting, "BLOCK", 2)
    for letter in "ABC":
        make_customer(letter)
    job = api.post("customers/bulk-edit", {"selection": ALL, "changes": {"cps": 60}}).json()
    assert (job["state"], job["progress"], job["changed"]) == ("queued", 0, 0)
    work.CardsWork(job["id"]).advance()
    job = api.get(f"jobs/{job['id']}").json()
    assert (job["state"], job["progress"], job["changed"]) == ("running", 66, 2)
    done(BulkWork.objects.get())
    assert api.get(f"jobs/{job['id']}").json()["state"] == "done"


def test_a_preview_changes_nothing(api: ApiClient, make_customer: MakeCustomer) -> None:
    make_customer("A", status="inactive")
    make_customer("B", tags=["x"])
    changes = {"status": "inactive", "tags": {"add": ["gold"]}}
    answer = api.post("customers/bulk-edit", {"selection": ALL, "changes": changes, "preview": True})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["total"], told["changed"], told["unchanged"], told["refused"]) == (2, 2, 0, 0)
    assert [(one["field"], one["count"]) for one in told["fields"]] == [("status", 1), ("tags", 2)]
    assert {change["new_shown"] for change in told["fields"][1]["changes"]} == {"gold", "gold, x"}
    assert not BulkWork.objects.exists()
    assert values("status") == {"A": "inactive", "B": "active"}


def test_an_edit_is_taken_back_through_its_link(api: ApiClient, make_customer: MakeCustomer) -> None:
    first, _ = make_customer("A", cps=5), make_customer("B", cps=6)
    job = api.post("customers/bulk-edit", {"selection": ALL, "changes": {"cps": 60}}).json()
    api.patch(f"customers/{first.pk}", {"cps": 7})
    answer = api.post(job["undo"])
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["undone"], told["left_alone"], told["undo"]) == ("undone", 1, 1, None)
    assert values("cps") == {"A": 7, "B": 6}
    (left,) = api.get(f"{job['results']}?outcome=left").json()["results"]
    assert left["reason"] == "Changed since, and left as it is: Flow speed (CPS)."
    assert api.post(job["undo"]).status_code == 409


def test_cards_are_deleted_and_restored(api: ApiClient, make_customer: MakeCustomer) -> None:
    cards = [make_customer(name) for name in "ABC"]
    Meter.objects.filter(customer=cards[0]).update(live_calls=1)
    selection = {**ALL, "search": "", "except": [cards[2].pk]}
    told = api.post("customers/bulk-delete", {"selection": selection, "preview": True}).json()
    assert (told["changed"], told["reasons"]) == (1, [{"message": "It has live calls.", "count": 1}])
    job = api.post("customers/bulk-delete", {"selection": selection}).json()
    assert (job["changed"], job["refused"]) == (1, 1)
    api.post("customers/bulk-delete", {"selection": {"ids": [cards[0].pk]}, "archive": True})
    assert [name for name, at in values("archived_at").items() if at] == ["A", "B"]
    archived = {"all": True, "filter": {"archived": {"op": "equals", "value": True}}}
    told = api.post("customers/bulk-restore", {"selection": archived, "preview": True}).json()
    assert told["changed"] == 2
    job = api.post("customers/bulk-restore", {"selection": archived}).json()
    assert (job["action"], job["changed"]) == ("restore", 2)
    assert not any(values("archived_at").values())


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"selection", "changes"}),
        ({"selection": {}, "changes": {"cps": 1}}, {"selection"}),
        ({"selection": {"ids": [1], "all": True}, "changes": {"cps": 1}}, {"selection"}),
        ({"selection": {"ids": []}, "changes": {"cps": 1}}, {"selection"}),
        ({"selection": {"ids": [2**70, -1]}, "changes": {"cps": 1}}, {"selection"}),
        ({"selection": {"ids": "1"}, "changes": {"cps": 1}}, {"selection.ids"}),
        ({"selection": {"ids": [1], "more": 1}, "changes": {"cps": 1}}, {"selection.more"}),
        ({"selection": ALL, "changes": {}}, {"changes"}),
        ({"selection": ALL, "changes": {"cps": "1"}}, {"changes.cps"}),
        ({"selection": ALL, "changes": {"cps": None, "tax": "1000"}}, {"changes.tax"}),
        ({"selection": ALL, "changes": {"name": "x"}}, {"changes.name"}),
        ({"selection": ALL, "changes": {"tags": {"add": [""]}}}, {"changes.tags"}),
        (
            {"selection": {"all": True, "filter": {"x": {"op": "empty"}}}, "changes": {"cps": 1}},
            {"selection.filter.x"},
        ),
    ],
)
def test_what_cannot_be_done_is_told_by_its_path(
    api: ApiClient, make_customer: MakeCustomer, body: dict[str, Any], fields: set[str]
) -> None:
    make_customer()
    assert errors(api.post("customers/bulk-edit", body)).keys() == fields
    assert not BulkWork.objects.exists()


def test_a_repeated_request_begins_no_second_work(api: ApiClient, make_customer: MakeCustomer) -> None:
    make_customer("A")
    body = {"selection": ALL, "changes": {"cps": 60}}
    answers = [
        api.post("customers/bulk-edit", body, headers={"Idempotency-Key": "once"}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert BulkWork.objects.count() == 1


def test_an_edit_is_planned_cancelled_and_run(api: ApiClient, make_customer: MakeCustomer) -> None:
    make_customer("A", cps=5)
    body = {"action": "bulk", "delay_seconds": 3600, "selection": ALL, "changes": {"cps": 60}}
    answer = api.post("pending-changes", body)
    assert answer.status_code == 201
    change = answer.json()
    assert (change["action"], change["customer"], change["changes"]) == ("bulk", None, {"cps": 60})
    assert api.get(f"jobs/{change['job']}").json()["state"] == "planned"
    assert api.delete(answer.headers["Location"]).status_code == 204
    assert api.get(f"jobs/{change['job']}").json()["state"] == "cancelled"
    change = api.post("pending-changes", body).json()
    assert api.post(f"pending-changes/{change['id']}/run").json()["state"] == "applied"
    done(BulkWork.objects.get(pk=change["job"]))
    assert values("cps") == {"A": 60}
    refused = api.post("pending-changes", {**body, "changes": {"cps": -1}})
    assert errors(refused).keys() == {"changes.cps"}


def test_a_reseller_sees_its_own_works_and_cards_alone(
    api: ApiClient,
    api_of: Callable[[User], ApiClient],
    north_user: User,
    north: Reseller,
    south_user: User,
    make_customer: MakeCustomer,
    by: UserActor,
) -> None:
    card = make_customer("Norths", reseller=north.pk)
    make_customer("Other", reseller=north.pk)
    foreign = make_customer("Foreign")
    own = api_of(north_user)
    selection = {"ids": [card.pk, foreign.pk]}
    job = own.post("customers/bulk-edit", {"selection": selection, "changes": {"cps": 60}}).json()
    assert job["total"] == 1
    assert values("cps") == {"Norths": 60, "Other": None, "Foreign": None}
    of_staff = api.post("customers/bulk-edit", {"selection": ALL, "changes": {"cps": 61}}).json()
    assert [one["id"] for one in own.get("bulk-works").json()["results"]] == [job["id"]]
    for path in ("", "/results", "/undo"):
        method = "POST" if path == "/undo" else "GET"
        assert own.send(method, f"bulk-works/{of_staff['id']}{path}").status_code == 404
        assert api_of(south_user).send(method, f"bulk-works/{job['id']}{path}").status_code == 404
    assert own.get(f"jobs/{of_staff['id']}").status_code == 404
    assert api.get(f"jobs/{job['id']}").status_code == 200
    actions.update_customer(customer_id=card.pk, values={"reseller": None}, by=by)
    assert own.get(job["results"]).json() == {"results": [], "total": 0}
    assert Customer.objects.get(pk=card.pk).cps == 61
