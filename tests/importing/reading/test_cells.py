"""What is said about a cell before anybody knows its field."""

import pytest

from linecard.importing.reading import scientific, storable, unreadable


@pytest.mark.parametrize(
    "cell",
    ["4.47912E+11", "4,47912E+11", "1e5", "-1E-5", "+12.5e3", " 4.47912E+11 ", "4.4791234567890125E+17"],
)
def test_scientific_notation_is_recognised(cell: str) -> None:
    assert scientific(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "447912345678",
        "E5",
        "5E",
        "4.E+11",
        ".5E+3",
        "1e5 Ltd",
        "4.4.7E11",
        "1E+",
        "0x1E5",
        "1.5E3.5",
        "٤E٤",
        "e",
    ],
)
def test_nothing_else_is(cell: str) -> None:
    assert not scientific(cell)


@pytest.mark.parametrize("cell", ["", "plain", "Zoë", "東京", "😀", "a\r\nb\t"])
def test_text_is_readable_and_stays(cell: str) -> None:
    assert unreadable(cell) == ""
    assert storable(cell) == cell


@pytest.mark.parametrize(
    ("cell", "reason", "shown"),
    [
        ("a\0b", "holds a NUL character", "a␀b"),
        ("ä\0", "holds a NUL character", "ä␀"),
        ("Z\udcff", "holds bytes that are not valid in the file's encoding", "Z\ufffd"),
        ("\ud800", "holds bytes that are not valid in the file's encoding", "\ufffd"),
        ("\udcff\0", "holds a NUL character", "\ufffd␀"),
    ],
)
def test_what_cannot_be_stored_is_named_and_can_be_shown(cell: str, reason: str, shown: str) -> None:
    assert unreadable(cell) == reason
    assert storable(cell) == shown
    assert unreadable(shown) == ""
