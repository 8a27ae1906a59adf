"""What an SMS costs: its parts, by its alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.delivery.segments import Segments, segments_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", Segments("GSM-7", 0, 0, 160)),
        ("a" * 160, Segments("GSM-7", 1, 160, 0)),
        ("a" * 161, Segments("GSM-7", 2, 161, 145)),
        ("a" * 306, Segments("GSM-7", 2, 306, 0)),
        ("a" * 307, Segments("GSM-7", 3, 307, 152)),
        ("€" * 80, Segments("GSM-7", 1, 160, 0)),
        # an extension sign that would be split begins the next part: 152 + 1 stay free
        ("a" * 152 + "€" + "a" * 20, Segments("GSM-7", 2, 174, 131)),
        ("ж" * 70, Segments("UCS-2", 1, 70, 0, ("ж",))),
        ("ж" * 71, Segments("UCS-2", 2, 71, 63, ("ж",))),
        ("a’b", Segments("UCS-2", 1, 3, 67, ("’",))),
        # the two units of a sign beyond the basic plane stay together
        ("ж" * 66 + "😀" + "ж" * 10, Segments("UCS-2", 2, 78, 55, ("ж", "😀"))),
    ],
)
def test_known_texts(text: str, told: Segments) -> None:
    assert segments_of(text) == told


@given(st.text(max_size=400))
def test_parts_hold_all_units_and_no_more_than_fit(text: str) -> None:
    told = segments_of(text)
    alone, joined = (160, 153) if told.encoding == "GSM-7" else (70, 67)
    assert (told.count == 0) == (text == "")
    assert (told.count <= 1) == (told.units <= alone)
    if told.count > 1:
        assert (told.count - 1) * (joined - 1) < told.units <= told.count * joined
    assert 0 <= told.left < alone or not text


@given(st.text(max_size=100), st.text(max_size=100))
def test_a_longer_text_has_no_fewer_parts(text: str, more: str) -> None:
    assert segments_of(text).count <= segments_of(text + more).count
