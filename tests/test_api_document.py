"""The API's own document is complete: what a reader needs stands at every operation."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from linecard.customers.fields import CARD_FIELDS

Json = dict[str, Any]

# Fields of the contract that a later part of the product brings.
NOT_YET = {"invoice_template", "rate_card"}
CONTRACT = set(
    """id name channels cps status debit_limit minimum_payment tax currency paypal_email website portal_access tags
    vars reseller account_manager invoice_schedule invoice_due_days invoice_template external_accounting_id
    rtp_firewall street city region postcode country approved_clis_only email_verification mobile_verification
    rate_card balance credit_left live_calls created_at updated_at""".split()
)


@pytest.fixture(scope="module")
def document() -> Json:
    answer: Json = Client().get("/api/openapi.json").json()
    return answer


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_operation_says_what_it_does_and_has_a_name_of_its_own(document: Json) -> None:
    bare = [
        name for name, operation in operations(document) if not operation.get("description", "").endswith(".")
    ]
    assert bare == []
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names)) == 91


def test_every_operation_needs_a_caller_and_tells_its_problems(document: Json) -> None:
    for name, operation in operations(document):
        assert operation["security"] == [{"BearerToken": []}, {"SignedIn": []}], name
        expected = {"401", "403", "422", "503"}
        expected |= {"404"} if "{" in name else set()
        expected |= {"400", "415"} if "requestBody" in operation else set()
        expected |= {"409", "413"} if not name.startswith("get ") else set()
        assert expected <= operation["responses"].keys(), name
    problems = document["components"]["responses"]
    assert problems.keys() == {
        f"Problem{status}" for status in (400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
    }
    assert all(list(problem["content"]) == ["application/problem+json"] for problem in problems.values())


def test_every_write_takes_a_key(document: Json) -> None:
    with_key = {
        name
        for name, operation in operations(document)
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation["parameters"])
    }
    assert with_key == {name for name, _ in operations(document) if not name.startswith("get ")}


def test_a_card_has_every_field_of_the_contract(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Customer"]["properties"].keys() == (CONTRACT - NOT_YET) | {"archived_at"}
    assert set(schemas["Customer"]["required"]) == schemas["Customer"]["properties"].keys()
    for name in ("NewCustomer", "CustomerChange"):
        assert schemas[name]["properties"].keys() == CARD_FIELDS.keys()
        assert schemas[name]["additionalProperties"] is False
    assert schemas["NewCustomer"]["required"] == ["name", "currency"]
    assert "required" not in schemas["CustomerChange"]
    channels = schemas["NewCustomer"]["properties"]["channels"]
    assert channels["anyOf"][0] | {"description": ""} == {
        "description": "",
        "maximum": 1_000_000,
        "minimum": 0,
        "type": "integer",
    }
    assert schemas["NewCustomer"]["properties"]["name"] == {
        "title": "Name",
        "description": "Unique among all customers, whatever the case.",
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
    }
