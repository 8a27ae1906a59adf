"""Waiting for something that another process does: looked at again and again, never for longer than a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

_LOOK_AGAIN_SECONDS = 0.02

Found = TypeVar("Found")


def eventually(question: Callable[[], Found], *, seconds: float = 30.0) -> Found:
    """The first true answer to ``question``. Fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {question}")
        time.sleep(_LOOK_AGAIN_SECONDS)
    return answer
