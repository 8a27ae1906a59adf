"""Journeys through the real application, in the distribution's Chromium.

The server is the whole ASGI application under uvicorn, on the test database, with collected static files. A journey
fails when the page logs an error, raises one, breaks the content security policy, or cannot load something.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

# Playwright's synchronous API runs an event loop in the tests' own thread; Django would refuse to talk to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from bootstrap import BROWSERS
from e2e.pace import keep_pace
from linecard.accounts.models import User
from tests.conftest import admin, by, make_customer, north, north_user, south, south_user, staff

__all__ = ["admin", "by", "make_customer", "north", "north_user", "south", "south_user", "staff"]

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # All pages of a profile share one process: starting one, and compiling all scripts in it, takes longer than
    # many a journey. Profiles never share one.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
]
SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}
PATIENCE_MS = 20_000  # for a machine that has much else to do; what comes sooner is not waited for
MOST_JUMP = 0.004  # cumulative layout shift; what people notice is twenty times that
START_SECONDS = 60
MAX_UPLOAD_MEGABYTES = 8  # so that a file beyond the limit is quickly made
STOP_SECONDS = 20
ROOT = Path(__file__).resolve().parents[1]
AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text("utf-8")


def _browser_path() -> str | None:
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all journeys."""
    path = _browser_path()
    if path is None:
        pytest.skip("no Chromium is installed")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        keep_pace(patch)
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the application listens: a process of its own, as in real life."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "e2e.settings",
        "DATABASE_URL": _test_database(os.environ["DATABASE_URL"]),
        "LINECARD_E2E_STATIC": str(tmp_path_factory.mktemp("static")),
        "LINECARD_MAX_UPLOAD_MB": str(MAX_UPLOAD_MEGABYTES),
    }
    log = tmp_path_factory.mktemp("server") / "log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "e2e.serve", str(listener.fileno())],
            cwd=ROOT,
            env=environment,
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=START_SECONDS).close()  # noqa: S310
        except OSError as error:
            server.kill()
            pytest.fail(f"the application did not start: {error}\n{log.read_text()}")
        yield address
        server.communicate(timeout=STOP_SECONDS)


def _test_database(url: str) -> str:
    """The run's server, but the database that was made for the tests (of this worker)."""
    return urlsplit(url)._replace(path="/" + quote(connection.settings_dict["NAME"], safe="")).geturl()


class Complaints:
    """What went wrong in a page, unless the journey said that it would."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._is_over = False
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """Complaints that match are part of this journey."""
        self._expected.append(re.compile(pattern))

    def watch(self, page: Page) -> None:
        """Listen to the page, until the journey is over."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._add(f"error: {error}"))
        page.on("requestfailed", self._request)

    def end(self) -> None:
        """The journey is over: what closing its pages cuts off is nobody's fault."""
        self._is_over = True

    def _add(self, complaint: str) -> None:
        if not self._is_over:
            self.seen.append(complaint)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._add(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page itself went away
            self._add(f"request: {request.url} {request.failure}")

    @property
    def unexpected(self) -> list[str]:
        """All that no journey asked for."""
        return [text for text in self.seen if not any(pattern.search(text) for pattern in self._expected)]


@pytest.fixture
def complaints() -> Complaints:
    """The complaints of this journey; ``complaints.expect("422")`` for those it provokes."""
    return Complaints()


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> str:
    """The name of the screen; ``every_screen`` runs a journey on all of them."""
    return str(getattr(request, "param", "desktop"))


every_screen = pytest.mark.parametrize("screen", list(SCREENS), indirect=True)


class Profiles:
    """A browser profile for each screen, which all journeys on that screen take over in turn.

    It keeps the static files, which have an address for each content; everything else is emptied between two journeys.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: dict[str, BrowserContext] = {}
        self._keepers: dict[str, Page] = {}

    def fresh(self, screen: str) -> BrowserContext:
        """A profile that has nothing in it, to be closed by the caller."""
        context = self._browser.new_context(
            base_url=self._address, reduced_motion="reduce", **SCREENS[screen]
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def page(self, screen: str) -> Page:
        """A page in the profile of a screen, which remembers nothing but static files."""
        if screen not in self._contexts:
            self._contexts[screen] = self.fresh(screen)
            self._keepers[screen] = self._keeper(self._contexts[screen])
        context = self._contexts[screen]
        page = context.new_page()
        self._forget(context, page)
        return page

    def leave(self, screen: str) -> None:
        """Close the pages that a journey opened."""
        for page in self._contexts[screen].pages:
            if page != self._keepers[screen]:
                page.close()

    def _keeper(self, context: BrowserContext) -> Page:
        """A page that stays open, so that the process of all others, which holds what was compiled, lives on."""
        page = context.new_page()
        page.goto("/healthz")
        return page

    def _forget(self, context: BrowserContext, page: Page) -> None:
        context.unroute_all()
        context.clear_permissions()
        tools = context.new_cdp_session(page)
        tools.send("Storage.clearDataForOrigin", {"origin": self._address, "storageTypes": "all"})
        tools.detach()


@pytest.fixture(scope="session")
def profiles(browser: Browser, address: str) -> Profiles:
    """The browser profiles of all journeys."""
    return Profiles(browser, address)


@pytest.fixture
def page(
    request: pytest.FixtureRequest,
    profiles: Profiles,
    transactional_db: None,
    complaints: Complaints,
    screen: str,
) -> Iterator[Page]:
    """One page of a browser that remembers nothing of the application; paths are below its address.

    A journey that is marked ``first_visit`` fetches all static files, as on somebody's first visit.
    """
    is_first = request.node.get_closest_marker("first_visit") is not None
    page = profiles.fresh(screen).new_page() if is_first else profiles.page(screen)
    complaints.watch(page)
    yield page
    complaints.end()
    if is_first:
        page.context.close()
    else:
        profiles.leave(screen)
    assert complaints.unexpected == []


def sign_in(context: BrowserContext, user: User, address: str) -> None:
    """Sign a user in in a browser without the sign-in page."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


@pytest.fixture
def enter(page: Page, address: str) -> Callable[[User], Page]:
    """Sign a user in without the sign-in page: ``enter(staff)`` gives the page."""

    def go_in(user: User) -> Page:
        sign_in(page.context, user, address)
        return page

    return go_in


@pytest.fixture
def elsewhere(profiles: Profiles, address: str, complaints: Complaints) -> Iterator[Callable[[User], Page]]:
    """A page in another browser, in which a user is signed in: ``elsewhere(staff)``."""
    contexts: list[BrowserContext] = []

    def open_another(user: User) -> Page:
        context = profiles.fresh("desktop")
        contexts.append(context)
        sign_in(context, user, address)
        page = context.new_page()
        complaints.watch(page)
        return page

    yield open_another
    for context in contexts:
        context.close()


GRAVE = """async (rules) => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const ends = (animation) => Number.isFinite(animation.effect.getComputedTiming().endTime);
    await Promise.allSettled(document.getAnimations().filter(ends).map(({ finished }) => finished));
    const grave = ({ impact }) => impact === "serious" || impact === "critical";
    const off = axe._audit.rules.filter((rule) => !grave(rule)).map(({ id }) => [id, { enabled: false }]);
    const chosen = rules ? { runOnly: rules } : { rules: Object.fromEntries(off) };
    const options = { resultTypes: ["violations"], preload: { assets: ["media"] }, ...chosen };
    const { violations } = await axe.run(document, options);
    return violations
        .filter(grave)
        .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}"""


def axe(page: Page) -> None:
    """Fail on everything that axe calls serious or critical in the page as it is now; what it calls less is not sought.

    The first time, the colours of the dark are looked at, too. Style sheets are not preloaded: the one rule that reads
    them is off.
    """
    is_first = not page.evaluate("'axe' in window")
    if is_first:
        page.evaluate(AXE)
    assert page.evaluate(GRAVE) == []
    if not is_first or page.viewport_size == SCREENS["phone"]["viewport"]:
        return  # a phone has the same colours
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GRAVE, ["color-contrast"]) == []
    page.emulate_media(color_scheme="light")


def fits(page: Page) -> None:
    """Fail when the page stays wider than the screen."""
    width = page.evaluate("document.documentElement.clientWidth")
    expect(page.locator("html")).to_have_js_property("scrollWidth", width)


JUMPS = """() => new Promise((resolve) => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
    const observer = new PerformanceObserver(add);
    observer.observe({ type: "layout-shift", buffered: true });
    requestIdleCallback(() => requestAnimationFrame(() => requestAnimationFrame(() => {
        add({ getEntries: () => observer.takeRecords() });
        resolve(sum);
    })));
})"""


def steady(page: Page) -> None:
    """Fail when the page moved about while it was built (a thousandth is a scroll bar that appears)."""
    assert page.evaluate(JUMPS) < MOST_JUMP
