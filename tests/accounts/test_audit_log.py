"""The audit log: who reads it, what it tells, how it is searched and taken along."""

import csv
import io
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linecard.accounts import actions, audit_log
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions as customers
from linecard.web.grid import records
from tests.conftest import PASSWORD, ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]
ClientOf = Callable[[User], Client]

PAGES = ("/audit-log/",)


@pytest.fixture
def reader(admin: User, client_of: ClientOf) -> Client:
    """The administrator's browser."""
    return client_of(admin)


def rows(client: Client, **address: str) -> list[dict[str, Any]]:
    response = client.get(f"/audit-log/?{urlencode(address)}")
    assert response.status_code == HTTPStatus.OK
    found: list[dict[str, Any]] = response.context["grid_declaration"]["first"]["rows"]
    return found


def exported(client: Client, **query: Any) -> list[dict[str, str]]:
    response = client.post(
        "/export/audit/", {"query": json.dumps({"format": "csv", "spelling": "api", **query})}
    )
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_what_was_done_is_told_in_words(
    reader: Client, make_customer: MakeCustomer, north: Reseller, staff: User
) -> None:
    card = make_customer("Acme", debit_limit="5.00")
    by = acting(staff, via="api", address="192.0.2.7")
    values = {"debit_limit": "10.00", "reseller": north.pk, "account_manager": None}
    customers.update_customer(customer_id=card.pk, values=values, by=by)
    newest = rows(reader)[0]
    assert newest == {
        "id": newest["id"],
        "at": newest["at"],
        "who": "Stella Staff",
        "what": "Customer updated",
        "subject": "Customer Acme",
        "changes": "Debit limit: 5.00 EUR → 10.00 EUR; Reseller: North",
        "via": "api",
        "address": "192.0.2.7",
    }
    page = reader.get(f"/audit-log/{newest['id']}/").content.decode()
    for shown in ("Stella Staff", "192.0.2.7", "Debit limit", "5.00 EUR", "10.00 EUR", "North"):
        assert shown in page
    assert f'href="/customers/{card.pk}/"' in page


def test_groups_and_pivots_are_told_in_words_too(reader: Client, make_customer: MakeCustomer) -> None:
    make_customer("Acme")
    query = {"group_by": ["what"], "pivot": "subject", "filter": {"subject_id": {"op": "gt", "value": 0}}}
    answer = reader.post("/audit-log/query/", query, content_type="application/json").json()
    row = next(row for row in answer["rows"] if row["group"] == {"what": "customer.created"})
    assert (row["words"], row["count"]) == ("Customer created", 1)
    assert row["pivot"]["customer"]["words"] == "Customer"
    response = reader.post("/export/audit/", {"query": json.dumps({"format": "csv", **query})})
    lines = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]
    created = next(line for line in lines if line["What"] == "Customer created")
    assert (created["Level"], created["Customer: Count"]) == ("What", "1")


def test_what_is_worked_out_for_each_entry_makes_no_groups(reader: Client) -> None:
    answer = reader.post("/audit-log/query/", {"group_by": ["changes"]}, content_type="application/json")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Rows cannot be grouped by From what to what." in answer.content.decode()


def test_people_are_told_by_name(reader: Client, admin: User, north_user: User, north: Reseller) -> None:
    by = acting(admin, via="form")
    actions.update_user(user_id=north_user.pk, values={"name": "Nina"}, is_active=False, by=by)
    group = actions.create_group(name="Night", permissions={"customers": ["read"]}, by=by)
    token, _ = actions.create_token(user=admin, by=by)
    made, night, changed = rows(reader)[:3]
    assert (made["what"], made["subject"]) == ("Token created", f"Token {token.beginning}… of Ada")
    assert made["changes"] == "Kind: api; Read only: no; User: Ada"
    assert (night["subject"], night["changes"]) == (
        "Group Night",
        "Name: Night; Permissions: customers: read",
    )
    assert (changed["subject"], changed["changes"]) == (
        "User Nina",
        "Active: yes → no; Name: Nora North → Nina",
    )
    (created,) = rows(reader, search="created nina")
    assert "Reseller: North" in created["changes"]
    actions.delete_group(group_id=group.pk, by=by)
    gone = rows(reader)[0]
    assert gone["subject"] == f"Group #{group.pk}"
    assert f'href="/groups/{group.pk}/"' not in reader.get(f"/audit-log/{gone['id']}/").content.decode()


def test_search_filter_and_presets(
    reader: Client, make_customer: MakeCustomer, staff: User, north: Reseller
) -> None:
    acme = make_customer("Acme")
    make_customer("Birch")
    customers.update_customer(customer_id=acme.pk, values={"cps": 3}, by=acting(staff, via="job"))

    def found(**address: str) -> list[tuple[str, str]]:
        return [(row["what"], row["subject"]) for row in rows(reader, **address)]

    assert found(search="acm") == [
        ("Customer updated", "Customer Acme"),
        ("Customer created", "Customer Acme"),
    ]
    assert found(search="acme stella updated") == [("Customer updated", "Customer Acme")]
    assert found(search="acme nobody") == []
    assert found(status="reseller") == [("Reseller created", "Reseller North")]
    job = json.dumps({"via": {"op": "equals", "value": "job"}})
    assert found(filter=job) == [("Customer updated", "Customer Acme")]
    future = json.dumps({"at": {"op": "gte", "value": "2999-01-01T00:00:00Z"}})
    assert found(filter=future) == []
    assert found(search="stella 3") == [("Customer updated", "Customer Acme")]
    assert found(search="cme") == []
    value = json.dumps({"changes": {"op": "contains", "value": "Birch"}})
    assert found(filter=value) == [("Customer created", "Customer Birch")]
    answer = reader.post(
        "/audit-log/query/", {"search": "birch", "limit": 10}, content_type="application/json"
    )
    assert [row["subject"] for row in answer.json()["rows"]] == ["Customer Birch"]


def test_every_column_can_be_sorted_and_filtered(reader: Client, staff: User) -> None:
    for name, column in audit_log.audit_grid().columns.items():
        query: dict[str, Any] = {
            "sort": [{"column": name}],
            "filter": {name: {"op": "not_empty"}},
            "limit": 10,
        }
        answer = reader.post("/audit-log/query/", query, content_type="application/json")
        assert answer.status_code == HTTPStatus.OK, (name, answer.content)
        if column.groups:
            grouped = reader.post("/audit-log/query/", {"group_by": [name]}, content_type="application/json")
            assert grouped.status_code == HTTPStatus.OK, (name, grouped.content)


def test_the_file_has_all_that_the_page_shows_and_runs_nothing(
    reader: Client, make_customer: MakeCustomer, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "READ_AT_ONCE", 2)
    card = make_customer("=HYPERLINK(1)")
    values = {"cps": 3, "city": "+Bath"}
    customers.update_customer(customer_id=card.pk, values=values, by=acting(staff, via="form"))
    for number in range(5):
        make_customer(f"Other {number}")
    [line] = exported(reader, search="hyperlink updated")
    told = "Flow speed (CPS): No limit → 3; City: +Bath"
    assert (line["what"], line["subject"], line["who"]) == (
        "Customer updated",
        "Customer =HYPERLINK(1)",
        "Stella Staff",
    )
    assert line["changes"] == told
    everything = exported(reader)
    assert len(everything) == AuditEntry.objects.count() - 1 == 10  # but for the last one, of this file
    moments = [line["at"] for line in everything]
    assert moments == sorted(moments, reverse=True)
    assert everything[0]["what"] == "User exported"


@pytest.mark.parametrize("path", [*PAGES, "/audit-log/{entry}/"])
def test_only_staff_with_the_permission_read_it(
    client_of: ClientOf, admin: User, staff: User, north: Reseller, path: str
) -> None:
    audit = actions.create_group(
        name="Auditors", permissions={"audit": ["read"]}, by=acting(admin, via="form")
    )
    auditor = actions.create_user(username="otto", password=PASSWORD, groups=[audit], by=command_actor())
    northern = actions.create_user(
        username="nobu", password=PASSWORD, groups=[audit], reseller=north, by=command_actor()
    )
    address = path.format(entry=AuditEntry.objects.first().pk)  # type: ignore[union-attr]
    assert client_of(auditor).get(address).status_code == HTTPStatus.OK
    for user, reason in (
        (staff, "None of your groups lets you see the audit log."),
        (northern, "Only the operator&#x27;s own staff may do this."),
    ):
        refused = client_of(user).get(address)
        assert refused.status_code == HTTPStatus.FORBIDDEN
        assert reason in refused.content.decode()
        assert (
            client_of(user).post("/audit-log/query/", {}, content_type="application/json").status_code == 403
        )
    assert 'href="/audit-log/"' in client_of(auditor).get("/account/").content.decode()
    assert 'href="/audit-log/"' not in client_of(northern).get("/account/").content.decode()


@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_an_entry_that_is_not_there(reader: Client, number: int) -> None:
    assert reader.get(f"/audit-log/{number}/").status_code == HTTPStatus.NOT_FOUND


def test_a_page_costs_the_same_however_much_it_shows(
    reader: Client, make_customer: MakeCustomer, admin: User
) -> None:
    make_customer("First")
    with CaptureQueriesContext(connection) as few:
        rows(reader)
    for number in range(20):
        make_customer(f"Card {number}", account_manager=admin.pk)
    with CaptureQueriesContext(connection) as many:
        rows(reader)
    # one more names the account managers
    assert len(many) <= len(few) + 1


def test_the_api_tells_the_same(
    api_of: ApiOf, admin: User, staff: User, make_customer: MakeCustomer, north_user: User
) -> None:
    card = make_customer("Acme", cps=2)
    by = acting(staff, via="api", address="192.0.2.7")
    customers.update_customer(customer_id=card.pk, values={"cps": 3}, by=by)
    api = api_of(admin)
    answer = api.get(f"audit?subject_type=customer&subject_id={card.pk}&limit=1").json()
    assert answer["total"] == 2
    (entry,) = answer["results"]
    assert entry == {
        "id": entry["id"],
        "at": entry["at"],
        "user": staff.pk,
        "who": "Stella Staff",
        "via": "api",
        "address": "192.0.2.7",
        "action": "customer.updated",
        "subject_type": "customer",
        "subject_id": card.pk,
        "subject": "Acme",
        "changes": [{"field": "cps", "old": 2, "new": 3}],
        "note": "",
    }
    assert api.get(f"audit?user={staff.pk}&action=customer.updated").json()["results"] == [entry]
    assert api.get(f"audit?search=acme+updated&since={entry['at']}").json()["results"] == [entry]
    assert api.get("audit?until=2001-01-01T00:00:00Z").json() == {"results": [], "total": 0}
    assert api.get("audit?since=yesterday").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert api_of(staff).get("audit").status_code == HTTPStatus.FORBIDDEN
    assert api_of(north_user).get("audit").status_code == HTTPStatus.FORBIDDEN


def test_the_page_knows_whose_values_have_words_of_their_own(reader: Client) -> None:
    columns = reader.get("/audit-log/").context["grid_declaration"]["columns"]
    assert [column["name"] for column in columns if column["said"]] == ["what", "subject"]
    asked = {"filter": {"what": {"op": "in", "value": ["USER.created"]}}, "group_by": ["what"]}
    answer = reader.post("/audit-log/query/", asked, content_type="application/json").json()
    assert [(row["group"], row["words"]) for row in answer["rows"]] == [
        ({"what": "user.created"}, "User created")
    ]
