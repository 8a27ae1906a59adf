"""Names: one key for what people take for one name; words without accents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.kernel.names import MAX_SEARCH_WORDS, name_key, prefix_query, search_words

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_the_key_does_not_depend_on_form_or_space_around(name: str) -> None:
    key = name_key(name)
    assert name_key(f"  {unicodedata.normalize('NFD', name)}\t") == key
    assert name_key(unicodedata.normalize("NFC", name)) == key


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F, exclude_characters="ıİ")))
def test_the_key_does_not_depend_on_case(name: str) -> None:
    assert name_key(name.lower()) == name_key(name.upper()) == name_key(name.swapcase())


@given(texts)
def test_words_are_letters_and_digits_only(text: str) -> None:
    assert all(word.isalnum() or all(char.isalnum() for char in word) for word in search_words(text))
    assert "'" not in "".join(search_words(text))


@given(st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1), max_size=40))
def test_a_query_has_a_bounded_number_of_words(words: list[str]) -> None:
    assert prefix_query(" ".join(words)).count(":*") <= MAX_SEARCH_WORDS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Telefónica O2", ["o2", "telefonica"]),
        ("AT&T Inc.", ["at", "inc", "t"]),
        ("Łódź-Ærø", ["ærø", "łodz"]),
        ("東京 テレコム", ["テレコム", "東京"]),
        ("a_b", ["a", "b"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert search_words(text) == words
