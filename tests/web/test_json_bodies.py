"""Bodies that are small to send and dear to read."""

import time

import pytest

from linecard.kernel.errors import Invalid
from linecard.web.json_bodies import MAX_ERRORS, refuse_unusable_text

# Spelling each place of such a body took minutes.
_LONG_NAME = "n" * 1_000_000
_SECONDS = 5


def test_many_values_below_a_huge_name_are_read_at_once() -> None:
    begin = time.monotonic()
    refuse_unusable_text({_LONG_NAME: [0] * 200_000})
    assert time.monotonic() - begin < _SECONDS


def test_bad_texts_are_named_by_their_place_shortly_and_not_without_end() -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_unusable_text({"a": [{"b": "\0"}], _LONG_NAME: ["\0"] * 200_000})
    fields = [error.field for error in refusal.value.errors]
    assert fields[:2] == ["a.0.b", f"{'n' * 60}.0"]
    assert len(fields) == MAX_ERRORS


def test_a_bad_text_that_is_the_whole_body_has_a_name() -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_unusable_text("\ud800")
    assert [error.field for error in refusal.value.errors] == ["body"]
