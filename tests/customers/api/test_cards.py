"""Cards over HTTP: what a program sends and gets."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers import actions
from linecard.customers.models import Customer, Meter
from tests.conftest import ApiClient, MakeCustomer

ApiOf = Callable[..., ApiClient]


@pytest.fixture
def api(api_of: ApiOf, staff: User) -> ApiClient:
    return api_of(staff)


def names(response: Any) -> list[str]:
    return [card["name"] for card in response.json()["results"]]


def errors(response: Any) -> dict[str, str]:
    """The message of each field that was refused."""
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["field"]: error["message"] for error in response.json()["errors"]}


def test_a_card_is_made_with_its_address_tag_and_every_field(api: ApiClient) -> None:
    made = api.post(
        "customers",
        {"name": " Acme ", "currency": "EUR", "debit_limit": "100.00", "channels": 30, "tax": 7.7},
    )
    assert made.status_code == HTTPStatus.CREATED
    card = Customer.objects.get()
    assert made.headers["Location"] == f"/api/v1/customers/{card.pk}"
    assert made.headers["ETag"] == f'"{card.pk}-1"'
    body = made.json()
    moments = {name: body.pop(name) for name in ("created_at", "updated_at")}
    assert moments["created_at"] == moments["updated_at"]
    assert moments["created_at"] == card.created_at.isoformat().replace("+00:00", "Z")
    assert body == {
        "id": card.pk,
        "name": "Acme",
        "status": "active",
        "currency": "EUR",
        "channels": 30,
        "cps": None,
        "debit_limit": "100.00",
        "minimum_payment": "0.00",
        "tax": "7.7",
        "paypal_email": "",
        "website": "",
        "tags": [],
        "reseller": None,
        "account_manager": None,
        "rtp_firewall": "locked",
        "invoice_schedule": "none",
        "invoice_due_days": 14,
        "external_accounting_id": "",
        "portal_access": dict.fromkeys(
            "balance cdr breakout rates payments invoices cli live_calls statistics documents".split(), True
        ),
        "vars": "",
        "street": "",
        "city": "",
        "region": "",
        "postcode": "",
        "country": "",
        "approved_clis_only": False,
        "email_verification": False,
        "mobile_verification": False,
        "balance": "0.00",
        "credit_left": "100.00",
        "live_calls": 0,
        "archived_at": None,
    }
    assert api.get(made.headers["Location"]).json() == {**body, **moments}


def test_credit_left_is_what_the_meter_says(api: ApiClient, make_customer: MakeCustomer) -> None:
    card = make_customer("Acme", currency="JPY", debit_limit="100")
    Meter.objects.filter(customer=card).update(
        balance_micros=-40_000_000, reserved_micros=2_500_000, live_calls=3
    )
    body = api.get(f"customers/{card.pk}").json()
    assert (body["balance"], body["credit_left"], body["live_calls"]) == ("-40", "57.5", 3)


def test_a_name_that_is_taken_is_told_at_its_field(api: ApiClient, make_customer: MakeCustomer) -> None:
    make_customer("ÅLAND")
    refused = api.post("customers", {"name": "åland", "currency": "EUR"})
    assert errors(refused) == {"name": "There is a customer named ÅLAND already."}
    assert Customer.objects.count() == 1


def test_every_wrong_field_is_told_at_once(api: ApiClient) -> None:
    refused = api.post(
        "customers",
        {"name": "", "currency": "XXX", "tax": 1000, "vars": "a = 1\nb = ", "channels": -1},
    )
    assert errors(refused).keys() == {"name", "currency", "tax", "vars", "channels"}
    assert errors(refused)["vars"].startswith("Not valid TOML at line 2, column 5")
    assert not Customer.objects.exists()


def test_a_change_touches_only_what_is_given(api: ApiClient, make_customer: MakeCustomer) -> None:
    card = make_customer("Acme", channels=3, city="Bern")
    changed = api.patch(f"customers/{card.pk}", {"channels": None, "status": "inactive"})
    assert changed.status_code == HTTPStatus.OK
    assert changed.headers["ETag"] == f'"{card.pk}-2"'
    body = changed.json()
    assert (body["channels"], body["status"], body["city"]) == (None, "inactive", "Bern")
    entry = AuditEntry.objects.get(action="customer.updated")
    assert entry.changes == {"channels": [3, None], "status": ["active", "inactive"]}


def test_the_currency_never_changes(api: ApiClient, make_customer: MakeCustomer) -> None:
    card = make_customer("Acme", currency="EUR")
    refused = api.patch(f"customers/{card.pk}", {"currency": "USD", "channels": 1})
    assert errors(refused) == {"currency": "Currency can never change once the card is saved."}
    assert api.patch(f"customers/{card.pk}", {"currency": "EUR"}).status_code == HTTPStatus.OK
    card.refresh_from_db()
    assert (card.currency, card.channels, card.version) == ("EUR", None, 1)


def test_a_change_of_what_was_read_meanwhile_changed_is_refused(
    api: ApiClient, make_customer: MakeCustomer
) -> None:
    card = make_customer("Acme")
    read = api.get(f"customers/{card.pk}").headers["ETag"]
    path = f"customers/{card.pk}"
    assert api.patch(path, {"channels": 1}, headers={"If-Match": read}).status_code == HTTPStatus.OK

    stale = {"If-Match": read}
    for response in (
        api.patch(path, {"channels": 2}, headers=stale),
        api.delete(path, headers=stale),
        api.post(f"{path}/restore", headers=stale),
        api.post(f"{path}/pending-changes", {"delay_seconds": 60, "changes": {"cps": 1}}, headers=stale),
    ):
        assert response.status_code == HTTPStatus.PRECONDITION_FAILED
        assert response.json()["detail"] == "Somebody changed this customer in the meantime. Read it again."
    card.refresh_from_db()
    assert (card.channels, card.version, card.archived_at) == (1, 2, None)
    assert not card.pending_changes.exists()


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("*", 200),
        ('"{id}-1"', 200),
        ('"{id}-1", "{id}-9"', 200),
        ('"other", "{id}-1"', 200),
        ('"{id}-9", "{id}-8"', 412),
        ('W/"{id}-1"', 412),  # weak tags never match
        ("{id}-1", 412),
        ('"', 412),
        ("", 412),
        ('"{id}-"', 412),
        ('"{id}-99999999999999999999"', 412),
        ('"9{id}-1"', 412),
    ],
)
def test_conditions_follow_the_rules_of_http(
    api: ApiClient, make_customer: MakeCustomer, condition: str, status: int
) -> None:
    card = make_customer("Acme")
    header = condition.replace("{id}", str(card.pk))
    response = api.patch(f"customers/{card.pk}", {"channels": 1}, headers={"If-Match": header})
    assert response.status_code == status
    card.refresh_from_db()
    assert card.channels == (1 if status == HTTPStatus.OK else None)


def test_reading_again_what_is_at_hand_answers_nothing_new(
    api: ApiClient, make_customer: MakeCustomer
) -> None:
    card = make_customer("Acme")
    path = f"customers/{card.pk}"
    for tag in (card.etag, f"W/{card.etag}", f'"x", {card.etag}', "*"):
        same = api.get(path, headers={"If-None-Match": tag})
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", card.etag)
    api.patch(path, {"channels": 1})
    assert api.get(path, headers={"If-None-Match": card.etag}).json()["channels"] == 1


def test_asking_for_the_head_answers_without_the_body(api: ApiClient, make_customer: MakeCustomer) -> None:
    card = make_customer("Acme")
    head = api.send("HEAD", f"customers/{card.pk}")
    assert (head.status_code, head.content, head.headers["ETag"]) == (HTTPStatus.OK, b"", card.etag)


def test_deleting_archives_and_restoring_brings_back(api: ApiClient, make_customer: MakeCustomer) -> None:
    card = make_customer("Acme", channels=3)
    path = f"customers/{card.pk}"
    deleted = api.delete(path)
    assert (deleted.status_code, deleted.content) == (HTTPStatus.NO_CONTENT, b"")
    assert api.get("customers").json() == {"results": [], "total": 0}
    assert names(api.get("customers?archived=true")) == ["Acme"]
    archived = api.get(path)
    assert archived.json()["archived_at"].endswith("Z")
    refused = api.patch(path, {"channels": 4})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert refused.json()["detail"] == "This customer is archived. Restore it before changing it."

    restored = api.post(f"{path}/restore", headers={"If-Match": archived.headers["ETag"]})
    assert (restored.status_code, restored.headers["ETag"]) == (HTTPStatus.OK, f'"{card.pk}-3"')
    assert (restored.json()["archived_at"], restored.json()["channels"]) == (None, 3)
    assert names(api.get("customers")) == ["Acme"]


def test_the_list_is_paged_with_an_exact_total(api: ApiClient, make_customer: MakeCustomer) -> None:
    for number in range(5):
        make_customer(f"Customer {number}")
    first = api.get("customers?limit=2").json()
    assert ([card["name"] for card in first["results"]], first["total"]) == (["Customer 0", "Customer 1"], 5)
    last = api.get("customers?limit=2&offset=4").json()
    assert ([card["name"] for card in last["results"]], last["total"]) == (["Customer 4"], 5)
    beyond = api.get("customers?offset=5").json()
    assert beyond == {"results": [], "total": 5}


def test_the_list_is_searched_filtered_and_sorted(
    api: ApiClient, make_customer: MakeCustomer, by: Any
) -> None:
    acme = make_customer("Acme Telecom", country="GB")
    make_customer("Bravo Telecom", status="inactive", country="CH")
    make_customer("zulu", status="pending_approval", external_accounting_id="TEL-7")
    actions.add_contact(customer_id=acme.pk, values={"name": "Anna Meier"}, by=by)
    assert names(api.get("customers?search=tel&sort=-name")) == ["zulu", "Bravo Telecom", "Acme Telecom"]
    assert names(api.get("customers?search=meier")) == ["Acme Telecom"]
    assert names(api.get("customers?search=...")) == []
    assert names(api.get("customers?status=inactive")) == ["Bravo Telecom"]
    assert names(api.get("customers?sort=country&limit=2&offset=1")) == ["Bravo Telecom", "Acme Telecom"]
    assert names(api.get("customers?sort=-id&limit=1")) == ["zulu"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=1e2", "limit"),
        ("limit=1_0", "limit"),
        ("limit=", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("offset=-1", "offset"),
        ("offset=1000000001", "offset"),
        ("archived=yes", "archived"),
        ("status=live", "status"),
        ("sort=tax", "sort"),
        ("search=" + "x" * 201, "search"),
        ("q=acme", "q"),
        ("limit=1&limit=2", "limit"),
        ("search=%00", "query"),
    ],
)
def test_a_wrong_parameter_is_named(api: ApiClient, query: str, field: str) -> None:
    assert list(errors(api.get(f"customers?{query}"))) == [field]


def test_a_reseller_sees_and_makes_only_its_own(
    api_of: ApiOf, north_user: User, north: Reseller, south: Reseller, make_customer: MakeCustomer
) -> None:
    make_customer("Southern", reseller=south.pk)
    make_customer("Ours")
    api = api_of(north_user)
    made = api.post("customers", {"name": "Northern", "currency": "EUR"})
    assert made.json()["reseller"] == north.pk
    assert names(api.get("customers")) == ["Northern"]
    assert api.post("customers/query", {}).json()["total"] == 1
    refused = api.post("customers", {"name": "Other", "currency": "EUR", "reseller": south.pk})
    assert errors(refused) == {"reseller": "There is no such reseller."}


def test_a_write_sent_twice_happens_once(api: ApiClient) -> None:
    key = {"Idempotency-Key": "order-1"}
    card = {"name": "Acme", "currency": "EUR"}
    first = api.post("customers", card, headers=key)
    second = api.post("customers", card, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    for name in ("Location", "ETag"):
        assert second.headers[name] == first.headers[name]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Customer.objects.count() == 1

    path = first.headers["Location"]
    once = {"Idempotency-Key": "delete-1"}
    assert [api.delete(path, headers=once).status_code for _ in range(2)] == [204, 204]
    assert AuditEntry.objects.filter(action="customer.archived").count() == 1


def test_the_grid_asks_through_the_api(api: ApiClient, make_customer: MakeCustomer) -> None:
    for name, country, limit in (("Acme", "GB", "5.00"), ("Bravo", "GB", "7.50"), ("Charlie", "CH", "0.00")):
        make_customer(name, country=country, debit_limit=limit)
    found = api.post(
        "customers/query",
        {"filter": {"country": {"op": "equals", "value": "GB"}}, "columns": ["name"], "limit": 1},
    ).json()
    assert (found["total"], [row["name"] for row in found["rows"]]) == (2, ["Acme"])
    grouped = api.post("customers/query", {"group_by": ["country"], "values": {"debit_limit": "sum"}}).json()
    assert {row["group"]["country"]: row["count"] for row in grouped["rows"]} == {"GB": 2, "CH": 1}
    refused = api.post("customers/query", {"filter": {"colour": {"op": "equals", "value": "red"}}})
    assert list(errors(refused)) == ["filter.colour"]


def queries_of(act: Callable[[], Any]) -> int:
    """The statements of a request, without those that only mark savepoints."""
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code < HTTPStatus.BAD_REQUEST
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


def test_reading_and_changing_keep_to_their_queries(api: ApiClient, make_customer: MakeCustomer) -> None:
    cards = [make_customer(f"Customer {number}") for number in range(30)]
    path = f"customers/{cards[0].pk}"
    api.get(path)  # the first use of a token is noted
    assert queries_of(lambda: api.get(path)) == 2  # token, card
    assert queries_of(lambda: api.get("customers")) == 3  # token, number, page
    # token, lock, new values, audit entry, meter
    assert queries_of(lambda: api.patch(path, {"channels": 3})) == 5
    assert queries_of(lambda: api.patch(path, {"channels": 3})) == 3  # nothing to do: token, lock, meter
