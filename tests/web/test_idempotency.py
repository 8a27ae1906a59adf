"""The same write sent twice happens once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from linecard.accounts.models import Reseller, User
from linecard.kernel import clock
from linecard.web import idempotency
from linecard.web.actions.forget_answers import forget_answers
from linecard.web.models import IdempotentResponse
from linecard.web.tasks import forget_old_answers
from tests.conftest import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("example_site")]

KEY = {"Idempotency-Key": "order-1"}
THING = {"name": "one", "channels": 3}


@pytest.fixture
def api(staff: User, api_of: Callable[..., ApiClient]) -> ApiClient:
    return api_of(staff)


def names() -> list[str]:
    return sorted(Reseller.objects.values_list("name", flat=True))


def test_a_repeated_write_gets_the_stored_answer(api: ApiClient) -> None:
    first = api.post("/api/things", THING, headers=KEY)
    again = api.post("/api/things", THING, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content == b'{"name": "one", "channels": 3, "kind": "small"}'
    for name, value in {"ETag": '"one-1"', "Location": "/api/things/one"}.items():
        assert first[name] == again[name] == value
    assert again["Content-Type"] == first["Content-Type"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert first["X-Request-ID"] != again["X-Request-ID"]
    assert names() == ["one"]
    assert IdempotentResponse.objects.count() == 1


def test_without_a_key_nothing_is_stored(api: ApiClient) -> None:
    assert api.post("/api/things", THING).status_code == 201
    assert api.post("/api/things", {"name": "two"}).status_code == 201
    assert names() == ["one", "two"]
    assert not IdempotentResponse.objects.exists()


def test_reads_take_no_notice_of_a_key(api: ApiClient) -> None:
    assert api.get("/api/things", headers=KEY).json() == []
    Reseller.objects.create(name="one", name_key="one")
    assert api.get("/api/things", headers=KEY).json() == ["one"]
    assert not IdempotentResponse.objects.exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/things", {"name": "two"}),
        ("/api/things?x=1", THING),
        ("/api/many-things", {"things": []}),
    ],
)
def test_the_key_belongs_to_one_request(api: ApiClient, path: str, body: dict[str, Any]) -> None:
    api.post("/api/things", THING, headers=KEY)
    response = api.post(path, body, headers=KEY)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"] == [
        {
            "field": "Idempotency-Key",
            "message": "This key was used for another request; use a new key for each new request.",
        }
    ]
    assert names() == ["one"]


def test_keys_of_two_users_are_two_keys(
    api: ApiClient, admin: User, api_of: Callable[..., ApiClient]
) -> None:
    api.post("/api/things", THING, headers=KEY)
    response = api_of(admin).post("/api/things", {"name": "two"}, headers=KEY)
    assert response.status_code == 201
    assert names() == ["one", "two"]


def test_an_unknown_user_learns_nothing(api: ApiClient) -> None:
    api.post("/api/things", THING, headers=KEY)
    response = Client().post("/api/things", THING, content_type="application/json", headers=KEY)
    assert response.status_code == 401


@pytest.mark.parametrize("body", [{"name": "broken"}, {"name": 5}, b"{"])
def test_an_error_changes_nothing_and_is_not_stored(api: ApiClient, body: Any) -> None:
    response = api.post("/api/things", body, headers=KEY)
    assert response.status_code >= 400
    assert names() == []
    assert not IdempotentResponse.objects.exists()
    assert api.post("/api/things", THING, headers=KEY).status_code == 201
    assert names() == ["one"]


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "schlüssel"])
def test_a_key_is_short_and_plain(api: ApiClient, key: str) -> None:
    response = api.post("/api/things", THING, headers={"Idempotency-Key": key})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "Idempotency-Key", "message": "Must be 1 to 128 visible ASCII characters."}
    ]
    assert names() == []


def test_the_longest_key(api: ApiClient) -> None:
    assert api.post("/api/things", THING, headers={"Idempotency-Key": "x" * 128}).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_carried_out(
    api: ApiClient, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have arrived, and the second one is waiting for the first, before the first one ends."""
    both_arrived = threading.Barrier(2)
    store = idempotency._store
    claim = idempotency._claimed

    def claim_together(*args: Any) -> Any:
        both_arrived.wait(20)
        return claim(*args)

    def store_when_the_other_waits(*args: Any) -> None:
        wait_until_somebody_waits_for_a_lock()
        store(*args)

    monkeypatch.setattr(idempotency, "_claimed", claim_together)
    monkeypatch.setattr(idempotency, "_store", store_when_the_other_waits)

    def send(_: int) -> Any:
        try:
            return ApiClient(api.token).post("/api/things", THING, headers=KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        responses = list(pool.map(send, range(2)))
    assert [response.status_code for response in responses] == [201, 201]
    assert responses[0].content == responses[1].content
    assert sorted("Idempotent-Replayed" in response for response in responses) == [False, True]
    assert names() == ["one"]


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_to_come_back(
    api: ApiClient, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.05)
    first_has_claimed, second_is_answered = threading.Event(), threading.Event()
    store = idempotency._store

    def store_late(*args: Any) -> None:
        first_has_claimed.set()
        assert second_is_answered.wait(20)
        store(*args)

    monkeypatch.setattr(idempotency, "_store", store_late)

    def send() -> Any:
        try:
            return ApiClient(api.token).post("/api/things", THING, headers=KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send)
        assert first_has_claimed.wait(20)
        second = send()
        second_is_answered.set()
        assert first.result(20).status_code == 201
    assert second.status_code == 409
    assert second["Retry-After"] == "1"
    assert second.json()["title"] == "Still at work"
    assert names() == ["one"]


def wait_until_somebody_waits_for_a_lock() -> None:
    deadline = threading.Event()
    for _ in range(2_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')"
            )
            if cursor.fetchone() == (True,):
                return
        deadline.wait(0.005)
    raise AssertionError("nobody waits")


def test_old_answers_are_forgotten_and_young_ones_kept(
    api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        api.post("/api/things", {"name": f"n{number}"}, headers={"Idempotency-Key": f"key-{number}"})
    old = IdempotentResponse.objects.exclude(key="key-4")
    old.update(created_at=clock.now() - timedelta(hours=48, seconds=1))
    monkeypatch.setattr("linecard.web.actions.forget_answers.BATCH", 3)
    assert forget_answers() == 4
    assert [row.key for row in IdempotentResponse.objects.all()] == ["key-4"]
    forget_old_answers(timestamp=0)
    assert IdempotentResponse.objects.count() == 1


def test_an_operation_may_be_away_from_the_database_for_a_while() -> None:
    def allowed() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            return str(cursor.fetchone()[0])

    before = allowed()
    with transaction.atomic():
        idempotency.expect_pause(240)
        assert allowed() == "4min"
        transaction.set_rollback(True)
    assert allowed() == before
