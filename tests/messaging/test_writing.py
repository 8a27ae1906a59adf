"""Templates: only the fields, nothing that runs long or grows, nothing in HTML that could act."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linecard.kernel.errors import Invalid
from linecard.messaging.stock import STOCK
from linecard.messaging.writing.fields import MERGE_FIELDS
from linecard.messaging.writing.html import safe_html, text_of
from linecard.messaging.writing.language import BadTemplate, Template, Unwritable
from linecard.messaging.writing.message import Texts, Writer

NAMES = [field.name for field in MERGE_FIELDS]


def values(text: str = "x") -> Any:
    told: dict[str, dict[str, str]] = {}
    for name in NAMES:
        room, _, field = name.partition(".")
        told.setdefault(room, {})[field] = text
    return told


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ customer.__class__ }}",
        "{{ customer['name'].__init__ }}",
        "{{ customer }}",
        "{{ settings.email }}",
        "{{ self }}",
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% tablerow i in (1..9) %}{% endtablerow %}",
        "{% include 'x' %}",
        "{% render 'x' %}",
        "{% increment x %}",
        "{{ customer.name | replace: '', 'xx' }}",
        "{{ customer.name | safe }}",
        "{{ customer.name | append: 'x' }}",
        "{% assign customer = 'x' %}{{ customer.bogus }}",
        "{% assign a = 'x' %}{{ a.foo }}",
        "{% assign a = 'x' %}" * 51,
        "{{ customer.name }}" * 2_001,
        "{{ customer.name" + " | upcase" * 200 + " }}",
        "{{" * 700_000,
        "{{ customer.name | nothing }}",
        "{% if customer.name %}",
        "{{ customer.name",
        "{% if a %}" * 40 + "{% endif %}" * 40,
    ],
)
def test_what_is_not_offered_is_refused_when_it_is_saved(source: str) -> None:
    with pytest.raises(BadTemplate) as bad:
        Template(source, NAMES)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in bad.value.problems)


def test_every_unknown_field_is_told_with_its_place() -> None:
    with pytest.raises(BadTemplate) as bad:
        Template("ä {{ customer.nam }}\n\n  {{ contact.fax | upcase }}", NAMES)
    assert [(one.line, one.column) for one in bad.value.problems] == [(1, 6), (3, 6)]


def test_a_name_of_ones_own_is_empty_where_nothing_was_assigned_to_it() -> None:
    source = "{% if customer.name == 'Azure' %}{% assign word = 'Sky' %}{% endif %}[{{ word }}]"
    template = Template(source, NAMES)
    assert (template.write(values("Azure")), template.write(values("Blue"))) == ("[Sky]", "[]")
    assert template.write(values("Blue")) == "[]"  # one recipient's word is not the next one's


@pytest.mark.parametrize("word", ["url_encode", "escape"])
def test_filters_that_make_text_longer_end(word: str) -> None:
    sign = {"url_encode": "%", "escape": "&"}[word]
    long = "{% capture x %}" + sign * 190_000 + "{% endcapture %}"
    for tags in (
        "{{ x" + f" | {word}" * 20 + " | truncate: 4 }}",
        ("{{ x | " + word + " | truncate: 4 }}") * 500,
        "{{ x | upcase | truncate: 4 }}" * 500,
    ):
        with pytest.raises(Unwritable, match="too much to read"):
            Template(long + tags, NAMES).write(values())
    link = Template("https://a.example/?q={{ customer.name | url_encode }}", NAMES)
    assert link.write(values("a b&c")) == "https://a.example/?q=a+b%26c"


def test_growth_by_assignment_ends() -> None:
    source = (
        "{% assign x = customer.name %}" + "{% capture x %}{{ x }}{{ x }}{% endcapture %}" * 30 + "{{ x }}"
    )
    with pytest.raises(Unwritable):
        Template(source, NAMES).write(values("x" * 100))


@given(st.text(max_size=200))
def test_a_value_never_becomes_mark_up_or_a_template(text: str) -> None:
    html = Template("<p>{{ customer.name }}</p>", NAMES, escapes=True).write(values(text))
    assert html.count("<") == 2
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert Template("{{ customer.name }}", NAMES).write(values(text)) == lines


@given(st.text(max_size=300))
def test_any_text_is_a_template_or_refused_by_name(text: str) -> None:
    with suppress(BadTemplate, Unwritable):
        Template(text, NAMES).write(values())


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<img src=x onerror=alert(1)>", "<img>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="https://a.example/">x</a>', '<a href="https://a.example/">x</a>'),
        ("<iframe src=https://a.example></iframe>y", "y"),
        ("<form action=/x><input name=a>t</form>", "t"),
        (
            '<p style="color:red;position:fixed;background:url(https://a.example)">t</p>',
            '<p style="color:red">t</p>',
        ),
        ("<svg><script>1</script></svg>z", "z"),
    ],
)
def test_html_that_could_act_is_left_out(html: str, safe: str) -> None:
    assert safe_html(html) == safe


def test_html_that_is_nested_without_end_is_refused_at_once() -> None:
    with pytest.raises(Invalid, match="nested more than 200 deep, or has more than 5,000 elements"):
        Writer("email", Texts("s", html="<div>" * 80_000))
    with pytest.raises(Invalid, match="nested more than 200 deep, or has more than 5,000 elements"):
        Writer("email", Texts("s", html="<b></i>" * 50_000))
    with pytest.raises(Invalid, match="more than 5,000 elements"):
        Writer("email", Texts("s", html="<dl a=</dl>" * 36_000))
    multiplied = "{% capture a %}" + "<div>" * 150 + "{% endcapture %}{{ a }}{{ a }}"
    writer = Writer("email", Texts("s", html=multiplied))
    with pytest.raises(Unwritable):
        writer.write(values())
    assert safe_html("<p>a<p>b<ul><li>c<li>d</ul>" * 500)


def test_an_email_without_words_is_not_written() -> None:
    with pytest.raises(Unwritable, match="text is empty"):
        Writer("email", Texts("s", html="<script>1</script>")).write(values())
    written = Writer("email", Texts("s", " \n ", "<p>Hello</p>")).write(values())
    assert written.text == "Hello"


def test_the_text_says_what_the_html_says() -> None:
    html = (
        "<h1>Title</h1><p>Dear <b>Ann</b>,<br>see <a href='https://a.example'>here</a>.</p>"
        "<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table><style>p{}</style>"
    )
    assert text_of(html) == "Title\n\nDear Ann,\nsee here (https://a.example).\n\n- one\n- two\n\na  b"


@given(st.text(max_size=300))
def test_any_html_has_a_text(html: str) -> None:
    assert "<script" not in safe_html(html).lower()
    text_of(html)


def test_a_subject_is_one_line_whatever_its_fields_say() -> None:
    writer = Writer("email", Texts("Re: {{ customer.name }}", "x"))
    assert writer.write(values("a\r\nBcc: b\u2028c\x00d")).subject == "Re: a Bcc: b c d"


def test_an_sms_that_is_too_long_for_one_recipient_is_told() -> None:
    writer = Writer("sms", Texts(text="{{ customer.name }}"))
    assert writer.write(values("x" * 1600)).text == "x" * 1600
    with pytest.raises(Unwritable, match="1,601 characters"):
        writer.write(values("x" * 1601))
    with pytest.raises(Invalid):
        Writer("sms", Texts("Subject", "text"))


@pytest.mark.parametrize("key", STOCK)
def test_stock_templates_can_be_written(key: str) -> None:
    stock = STOCK[key]
    written = Writer(stock.channel, stock.texts).write(values())
    assert written.text
    assert "{{" not in written.text + written.html + written.subject
