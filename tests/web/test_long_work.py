"""A stretch of long work: when others have their turn, and what becomes of errors."""

import logging

import pytest
from django.db import OperationalError

from linecard.web import long_work
from linecard.web.long_work import work_a_stretch


class Steps:
    """Work of so many blocks, of which the one after those raises an error; what it said when it failed."""

    def __init__(self, blocks: int, error: Exception | None = None) -> None:
        self.left = blocks
        self.reason = ""
        self._error = error

    def __str__(self) -> str:
        return "work 7"

    def advance(self) -> bool:
        if self._error and not self.left:
            raise self._error
        self.left -= 1
        return self._error is not None or self.left > 0

    def fail(self, reason: str) -> bool:
        self.reason = reason
        return False


def test_it_goes_on_until_nothing_is_left() -> None:
    work = Steps(5)
    assert work_a_stretch(work, attempts=0) is False
    assert (work.left, work.reason) == (0, "")


def test_after_a_while_others_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_work, "STRETCH_SECONDS", -1)
    work = Steps(5)
    assert work_a_stretch(work, attempts=0) is True
    assert work.left == 4


def test_a_database_that_does_not_answer_is_asked_again_some_times() -> None:
    work = Steps(1, OperationalError("canceling statement"))
    with pytest.raises(OperationalError):
        work_a_stretch(work, attempts=4)
    assert work.reason == ""
    assert work_a_stretch(work, attempts=5) is False
    assert work.reason == "The database did not answer in time."


def test_what_nobody_foresaw_is_logged_and_ends_the_work(caplog: pytest.LogCaptureFixture) -> None:
    work = Steps(2, ZeroDivisionError())
    with caplog.at_level(logging.ERROR):
        assert work_a_stretch(work, attempts=0) is False
    assert caplog.messages == ["long work cannot go on: work 7"]
    assert work.reason == "Something unforeseen went wrong; the server's log tells more."
