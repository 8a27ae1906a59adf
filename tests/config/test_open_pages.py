"""Open pages hold a stream each: what becomes of them when the server or its database ends."""

import json
import os
import re
import signal
import sys
from http.client import HTTPConnection, HTTPResponse
from http.cookiejar import CookieJar
from typing import Self
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from linecard.embedded import Places
from tests.config.conftest import Installation

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up as Linux shows them")

PAGES = 20
SECONDS = 60


class Browser:
    """Somebody signed in as the administrator."""

    def __init__(self, installation: Installation) -> None:
        self._port = installation.port
        self._connections: list[HTTPConnection] = []
        cookies = CookieJar()
        opener = build_opener(HTTPCookieProcessor(cookies))
        address = f"http://127.0.0.1:{self._port}/sign-in/"
        with opener.open(address) as response:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.read().decode())
        assert token
        password = (installation.data_dir / "admin-password").read_text().strip()
        form = {
            "csrfmiddlewaretoken": token[1],
            "username": "admin",
            "password": password,
            "next": "/healthz",
        }
        opener.open(address, urlencode(form).encode()).close()
        self._cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)

    def open_page(self) -> HTTPResponse:
        """A stream that has begun."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        self._connections.append(connection)
        connection.request("GET", "/live/", headers={"Cookie": self._cookie})
        return connection.getresponse()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()


def next_event(stream: HTTPResponse) -> str | None:
    """The name of the next event that is not only a sign of life; None at the end of the stream."""
    while line := stream.readline():
        name = line.decode().removeprefix("event: ").strip()
        if line.startswith(b"event: ") and name != "beat":
            data = stream.readline().decode().removeprefix("data: ")
            assert isinstance(json.loads(data), dict)
            return name
    return None


def test_pages_learn_that_the_database_was_away_and_hold_up_no_stop(installation: Installation) -> None:
    """The stop is a SIGTERM to the supervisor alone, as service managers send it."""
    installation.start()
    with Browser(installation) as browser:
        streams = [browser.open_page() for _ in range(PAGES)]
        assert [next_event(stream) for stream in streams] == ["ready"] * PAGES
        assert "Traceback" not in installation.output
        os.kill(int(Places(installation.data_dir).pid_file.read_text().split()[0]), signal.SIGKILL)
        assert [next_event(stream) for stream in streams] == ["lost"] * PAGES
        assert [next_event(stream) for stream in streams] == ["ready"] * PAGES
        told = len(installation.output)
        assert installation.stop(signal.SIGTERM, group=False) == 0
        assert [next_event(stream) for stream in streams] == [None] * PAGES
    assert "timeout graceful shutdown exceeded" not in installation.output  # nobody had to be cut off
    assert "Traceback" not in installation.output[told:]
    assert installation.processes() == []
    assert not Places(installation.data_dir).pid_file.exists()
