"""Text that is small to send and dear to work on, and text that nobody can see."""

import pytest

from linecard.fields import Refused, TextField, TomlField
from linecard.kernel.names import MAX_SEARCH_LENGTH, prefix_query

_NAME = TextField(name="name", label="Name", required=True, max_length=200)
_VARS = TomlField(name="vars", label="Vars", max_length=65_536)


def _refusal(field: TextField, text: str) -> str:
    with pytest.raises(Refused) as refusal:
        field.clean(text)
    return str(refusal.value)


def test_marks_without_end_are_refused_before_they_are_put_in_order() -> None:
    # normalizing this would take hours
    assert (
        _refusal(_NAME, "a" + "\u0301\u0327" * 500_000) == "Must not stack more than 30 marks on one letter."
    )


def test_as_many_marks_as_a_language_needs_are_kept() -> None:
    assert _NAME.clean("Vie\u0323\u0302t") == "Vi\u1ec7t"
    assert len(_NAME.clean("a" + "\u0327" * 30)) == 31


def test_toml_names_without_end_are_refused_before_they_are_parsed() -> None:
    # parsing this would take gigabytes
    text = 'a = """\n....\n"""\n' + "a." * 32_000 + "a = 1"
    assert _refusal(_VARS, text) == "Not valid TOML at line 4: a name of more than 32 parts."


@pytest.mark.parametrize(
    "text",
    [
        "a." * 31 + "a = 1",
        f'a = "{"." * 100}"',
        f"a = '{'.' * 100}'",
        f'a = """\n{"." * 100}\\""" {"." * 100}"""',
        f"# {'.' * 100}",
        f"a = [{'1.5, ' * 100}]",
    ],
)
def test_dots_that_join_no_names_are_kept(text: str) -> None:
    assert _VARS.clean(text) == text


def test_an_error_that_quotes_a_huge_name_stays_short_and_quick() -> None:
    name = f'"{" " * 30_000}"'
    refusal = _refusal(_VARS, f"a = {{{name} = 1, {name} = 2}}")
    assert refusal.startswith("Not valid TOML at line 1, column 60020: Duplicate inline table key")
    assert len(refusal) < 300


@pytest.mark.parametrize("text", ["\u200b", "\u3164\u200d", "\u2800"])
def test_what_must_be_given_must_be_seen(text: str) -> None:
    assert _refusal(_NAME, text) == "Must have at least one character that can be seen."


@pytest.mark.parametrize("char", ["\u2028", "\u2029"])
def test_one_line_is_one_line(char: str) -> None:
    assert _refusal(_NAME, f"a{char}b") == "Must be one line."


def test_a_search_looks_at_its_beginning_only() -> None:
    assert prefix_query("a " * MAX_SEARCH_LENGTH + "b") == "'a':*"
    assert prefix_query("a" + "\u0301\u0327" * 5_000_000) == "'a':*"
