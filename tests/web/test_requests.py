"""Each request is logged once, counted once, and has an id."""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from linecard.accounts.models import User
from linecard.web.metrics import REQUESTS


def access_lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "linecard.access"]


def told(line: logging.LogRecord) -> dict[str, Any]:
    return {name: getattr(line, name, None) for name in ("method", "path", "route", "status", "user_id")}


@pytest.fixture(autouse=True)
def listening(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="linecard.access")


def count(**labels: str) -> float:
    samples = (sample for metric in REQUESTS.collect() for sample in metric.samples)
    return sum(
        sample.value for sample in samples if sample.name.endswith("_total") and sample.labels == labels
    )


def test_an_answer_names_a_new_request_id(browser: Client) -> None:
    first, second = browser.get("/page"), browser.get("/page")
    assert re.fullmatch(r"[0-9a-f]{32}", first["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_harmless_request_id_of_a_proxy_is_kept(browser: Client) -> None:
    response = browser.get("/page", headers={"X-Request-ID": "proxy-1.2_3abc"})
    assert response["X-Request-ID"] == "proxy-1.2_3abc"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", 'quo"te-123', "<script>alert"])
def test_any_other_request_id_is_replaced(browser: Client, given: str) -> None:
    response = browser.get("/page", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def test_the_line_holds_neither_query_nor_body(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    browser.post("/page?q=query-secret", {"field": "body-secret"})
    (line,) = access_lines(caplog)
    assert re.fullmatch(r"POST /page 200 \d+\.\d+ ms", line.getMessage())
    assert told(line) == {"method": "POST", "path": "/page", "route": "page", "status": 200, "user_id": None}
    assert "secret" not in str(vars(line))


@pytest.mark.usefixtures("example_site")
def test_the_line_tells_who_asked(
    staff: User, client_of: Callable[[User], Client], caplog: pytest.LogCaptureFixture
) -> None:
    client_of(staff).get("/docs/no-such-page")
    (line,) = access_lines(caplog)
    assert told(line) == {
        "method": "GET",
        "path": "/docs/no-such-page",
        "route": "docs-page",
        "status": 404,
        "user_id": staff.pk,
    }


def test_a_long_path_is_cut(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    browser.get("/" + "x" * 5000)
    (line,) = access_lines(caplog)
    assert told(line)["path"] == "/" + "x" * 199


def test_errors_are_warnings(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    browser.get("/broken")
    (line,) = access_lines(caplog)
    assert (line.levelname, told(line)["status"]) == ("WARNING", 500)


def test_requests_are_counted_by_route_never_by_path(browser: Client) -> None:
    before = count(method="GET", route="named-page", status="200")
    browser.get("/page/one")
    browser.get("/page/two")
    assert count(method="GET", route="named-page", status="200") == before + 2


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/nowhere/at-all", "unmatched", "404"),
        ("/static/no-such.js", "static", "404"),
        ("/api/none", "unmatched", "404"),
    ],
)
def test_what_has_no_route_shares_one_label(browser: Client, path: str, route: str, status: str) -> None:
    before = count(method="GET", route=route, status=status)
    browser.get(path)
    assert count(method="GET", route=route, status=status) == before + 1


def test_unknown_methods_share_one_label(browser: Client) -> None:
    before = count(method="other", route="page", status="200")
    browser.generic("BREW", "/page")
    browser.generic("SPILL", "/page")
    assert count(method="other", route="page", status="200") == before + 2


@pytest.mark.usefixtures("asynchronous_site")
def test_asynchronous_views_are_observed_too(caplog: pytest.LogCaptureFixture) -> None:
    response = async_to_sync(AsyncClient().get)("/later", headers={"X-Request-ID": "asynchronous-1"})
    assert response["X-Request-ID"] == "asynchronous-1"
    (line,) = access_lines(caplog)
    assert (told(line)["route"], told(line)["status"]) == ("later", 200)


@pytest.mark.usefixtures("asynchronous_site")
def test_a_client_that_goes_away_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(asyncio.CancelledError):
        async_to_sync(AsyncClient().get)("/gone")
    (line,) = access_lines(caplog)
    assert (told(line)["route"], told(line)["status"]) == ("gone", 499)
