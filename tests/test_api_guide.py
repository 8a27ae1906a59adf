"""The commands of docs/api.md do what the page says, pasted one after the other."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from linecard.accounts import actions
from linecard.accounts.actor import command_actor
from linecard.accounts.models import User

GUIDE = Path(__file__).parents[1] / "docs" / "api.md"
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


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_command_answers_what_is_shown(live_server: LiveServer, admin: User) -> None:
    _, secret = actions.create_token(user=admin, by=command_actor())
    blocks: list[tuple[str, str]] = BLOCK.findall(GUIDE.read_text("utf-8"))
    script = "".join(f"{text}\necho '{MARK}'\n" for kind, text in blocks if kind == "sh")
    assert CREATE_TOKEN in script
    script = script.replace(CREATE_TOKEN, f"echo {secret}").replace("http://127.0.0.1:8000", live_server.url)
    run = subprocess.run(
        ["sh", "-euc", script], capture_output=True, text=True, timeout=MAX_SECONDS, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    answers = iter(run.stdout.split(MARK))
    answer = ""
    for kind, text in blocks:
        if kind == "sh":
            answer = next(answers)
        else:
            told, shown = json.loads(answer), json.loads(text)
            assert holds(told, shown), f"{told} does not have {shown}"
