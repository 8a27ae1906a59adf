"""The API's commands in docs/api.md and README.md do what the pages say, pasted one after the other."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User
from linecard.importing.actions import UploadWork
from linecard.importing.models import Upload
from linecard.importing.words import WORKING

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "api.md"
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CREATE_TOKEN = ".venv/bin/linecard token create --user admin"
MARK = "-- end of the block --"
MAX_SECONDS = 60


def holds(told: Any, shown: Any) -> bool:
    """Whether an answer has everything that the page shows of it."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(
            name in told and holds(told[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        same_length = isinstance(told, list) and len(told) == len(shown)
        return same_length and all(holds(*pair) for pair in zip(told, shown, strict=True))
    return bool(told == shown)


def pasted(script: str, live_server: LiveServer, admin: User) -> str:
    """What a shell prints for commands pasted into it, with this server in place of the one they name."""
    assert CREATE_TOKEN in script
    _, secret = actions.create_token(user=admin, by=command_actor())
    script = script.replace(CREATE_TOKEN, f"echo {secret}").replace("http://127.0.0.1:8000", live_server.url)
    run = subprocess.run(
        ["sh", "-euc", script], capture_output=True, text=True, timeout=MAX_SECONDS, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


@contextmanager
def a_worker() -> Iterator[None]:
    """What the page needs a worker for: it carries out uploads."""
    finished = threading.Event()

    def carry_out() -> None:
        try:
            while not finished.wait(0.05):
                for upload in Upload.objects.filter(state__in=WORKING):
                    UploadWork(upload.pk).advance()
        finally:
            connection.close()

    thread = threading.Thread(target=carry_out)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_readme_s_example_makes_a_card_and_finds_it(live_server: LiveServer, admin: User) -> None:
    blocks: list[tuple[str, str]] = BLOCK.findall(README.read_text("utf-8"))
    (example,) = (text for _, text in blocks if CREATE_TOKEN in text)
    answers = json.JSONDecoder()
    told = pasted(example, live_server, admin).strip()
    made, end = answers.raw_decode(told)
    found, _ = answers.raw_decode(told[end:].strip())
    assert (made["name"], made["debit_limit"], made["channels"]) == ("Acme Telecom", "50.00", 30)
    assert [card["id"] for card in found["results"]] == [made["id"]]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_command_answers_what_is_shown(live_server: LiveServer, admin: User) -> None:
    blocks: list[tuple[str, str]] = BLOCK.findall(GUIDE.read_text("utf-8"))
    script = "".join(f"{text}\necho '{MARK}'\n" for kind, text in blocks if kind == "sh")
    with a_worker():
        answers = iter(pasted(script, live_server, admin).split(MARK))
    answer = ""
    for kind, text in blocks:
        if kind == "sh":
            answer = next(answers)
        else:
            told, shown = json.loads(answer), json.loads(text)
            assert holds(told, shown), f"{told} does not have {shown}"
