"""The security headers are on every kind of answer."""

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'"
)

PATHS_AND_STATUSES = [
    ("/page", 200),
    ("/cached", 200),
    ("/healthz", 200),
    ("/no-such-page", 404),
    ("/broken", 500),
    ("/docs/", 302),
    ("/page%00", 400),
    ("/api/things", 401),
    ("/api/no-such-thing", 404),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), PATHS_AND_STATUSES)
def test_every_answer_has_them(browser: Client, path: str, status: int) -> None:
    response = browser.get(path)
    assert response.status_code == status
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Permissions-Policy"].startswith("camera=(), geolocation=()")


def test_pages_are_kept_nowhere_unless_they_say_so(browser: Client) -> None:
    assert browser.get("/page")["Cache-Control"] == "private, no-store"
    assert browser.get("/cached")["Cache-Control"] == "public, max-age=5"


def test_only_https_is_told_to_stay_https(browser: Client) -> None:
    assert "Strict-Transport-Security" not in browser.get("/page")
    secure = browser.get("/page", headers={"X-Forwarded-Proto": "https"})
    assert secure["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.usefixtures("asynchronous_site")
def test_asynchronous_views_have_them_too() -> None:
    response = async_to_sync(AsyncClient().get)("/later")
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == POLICY
