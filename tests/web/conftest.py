"""The example site's settings for the tests that use it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings


@pytest.fixture
def example_site(settings: Settings) -> Iterator[None]:
    """Serve ``tests.web.example`` instead of the product's own pages."""
    settings.ROOT_URLCONF = "tests.web.example"
    clear_url_caches()
    yield
    clear_url_caches()


@pytest.fixture
def asynchronous_site(example_site: None, settings: Settings) -> None:
    """The example site with nothing around it that makes Django leave the event loop."""
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path.startswith("linecard.web.")]


@pytest.fixture
def browser(example_site: None) -> Client:
    """Somebody who has not signed in, and is told of a server error as browsers are."""
    return Client(raise_request_exception=False)
