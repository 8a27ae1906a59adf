"""Reading what the server said."""

import os
from pathlib import Path

import pytest

from linecard.embedded import Places
from linecard.embedded.server_log import last_own_line, log_tail

LOG = """\
2026-01-31 12:00:00.000 UTC [10] LOG:  redo in progress, elapsed time: 2.00 s, current LSN: 0/1
2026-01-31 12:00:00.001 UTC [11] postgres@postgres FATAL:  the database system is not yet accepting connections
2026-01-31 12:00:00.001 UTC [11] postgres@postgres DETAIL:  Consistent recovery state has not been yet reached.
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Folders with nothing in them."""
    places = Places(tmp_path)
    places.log.mkdir(parents=True)
    return places


def test_progress_is_what_the_server_itself_said(places: Places) -> None:
    assert last_own_line(places) == ""
    (places.log / "postgresql-Sat.log").write_text(LOG)
    assert last_own_line(places) == "redo in progress, elapsed time: 2.00 s, current LSN: 0/1"


def test_the_tail_is_of_the_newest_log_and_names_it(places: Places) -> None:
    places.start_log.write_text("LOG:  redirecting log output to logging collector process\nFATAL:  early\n")
    (places.log / "postgresql-Fri.log").write_text("[1] LOG:  old\n")
    (places.log / "postgresql-Sat.log").write_text("".join(f"[1] LOG:  line {i}\n" for i in range(20)))
    os.utime(places.log / "postgresql-Fri.log", (1, 1))
    lines = log_tail(places).splitlines()
    assert lines[0] == "  [1] LOG:  line 5"
    assert lines[-2:] == ["  [1] LOG:  line 19", f"(the whole log: {places.log}/postgresql-Sat.log)"]


def test_without_a_log_of_this_start_the_first_words_are_shown(places: Places) -> None:
    places.start_log.write_text("FATAL:  early\n")
    (places.log / "postgresql-Fri.log").write_text("[1] LOG:  old\n")
    os.utime(places.log / "postgresql-Fri.log", (1, 1))
    assert log_tail(places).splitlines()[0] == "  FATAL:  early"
