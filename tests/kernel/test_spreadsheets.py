"""Cells on their way to a spreadsheet and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.kernel.spreadsheets import as_written, harmless

# what decides is at the beginning, so most examples should begin with it
cells = st.builds(str.__add__, st.text("'=+-@\t\r\n5.", max_size=4), st.text(max_size=8))


@given(cells)
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    assert as_written(harmless(cell)) == cell


@given(cells)
def test_nothing_that_leaves_is_a_formula(cell: str) -> None:
    sent = harmless(cell)
    if sent.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        whole, _, fraction = sent.removeprefix("-").partition(".")
        assert sent[0] == "-"
        assert whole.isdecimal()
        assert whole.isascii()
        assert fraction == "" or fraction.isdecimal()


@pytest.mark.parametrize(
    ("cell", "sent"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+2", "'-1+2"),
        ("-", "'-"),
        ("--5", "'--5"),
        ("-5.", "'-5."),
        ("-٥", "'-٥"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1+1", "''=1+1"),
        ("''-5.00", "'''-5.00"),
    ],
)
def test_what_could_run_is_marked(cell: str, sent: str) -> None:
    assert harmless(cell) == sent
    assert as_written(sent) == cell


@pytest.mark.parametrize(
    "cell", ["", "Acme", "'Acme'", "''", "-5.00", "-5", "5", "1e5", " =1", "a=b", "O'Neill"]
)
def test_all_else_stays(cell: str) -> None:
    assert harmless(cell) == as_written(cell) == cell
