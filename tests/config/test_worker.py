"""The worker as a process: what waits for others' servers holds up nothing else."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from tests.config.conftest import Installation
from tests.waiting import eventually

SENDS = 6  # more than a worker works on at the same time
AT_THE_SAME_TIME = 4


@contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """A port where whoever connects waits in vain, and those who do."""
    waiting: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    waiting.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server.getsockname()[1], waiting
        finally:
            for one in waiting:
                one.close()


def test_sends_that_hang_hold_up_no_planned_change(installation: Installation) -> None:
    installation.start()
    token = installation.run("token", "create", "--user", "admin").stdout.strip()

    def ask(method: str, path: str, data: object = None) -> Any:
        request = Request(
            f"http://127.0.0.1:{installation.port}/api/v1/{path}",
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as response:  # noqa: S310  the address is ours
            return json.load(response)

    with silent_server() as (port, waiting):
        mail = {"email.host": "127.0.0.1", "email.port": port, "email.security": "none"}
        ask("PATCH", "settings", {**mail, "email.from_address": "noc@carrier.example"})
        card = ask("POST", "customers", {"name": "Azure", "currency": "EUR", "channels": 5})["id"]
        ask("POST", f"customers/{card}/contacts", {"name": "Ann", "email": "ann@azure.example"})
        message = {"channel": "email", "selection": {"ids": [card]}, "subject": "News", "body": "Good"}
        for _ in range(SENDS):
            ask("POST", "messages", message)
        eventually(lambda: len(waiting) == AT_THE_SAME_TIME)

        ask("POST", f"customers/{card}/pending-changes", {"delay_seconds": 1, "changes": {"channels": 9}})
        eventually(lambda: ask("GET", f"customers/{card}")["channels"] == 9, seconds=20)

        assert len(waiting) == AT_THE_SAME_TIME
