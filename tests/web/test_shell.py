"""The navigation, tabs, template tags and error pages that all rooms use."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from linecard.kernel.errors import FieldError, Invalid
from linecard.web.form_errors import show_errors
from linecard.web.shell import Group, Link, Menu, Navigation, NavigationItem
from linecard.web.tabs import ShownTab, Tab, tabs_of
from linecard.web.templatetags.ui import initials, moment


def navigation(*items: NavigationItem) -> Navigation:
    registry = Navigation()
    for item in items:
        registry.register(item)
    return registry


@pytest.fixture
def request_for() -> Callable[[str], HttpRequest]:
    return lambda path: RequestFactory().get(path)


def test_items_stand_where_they_registered(request_for: Callable[[str], HttpRequest]) -> None:
    registry = navigation(
        NavigationItem("Documentation", "docs", order=20),
        NavigationItem("Account", "account", order=10),
        NavigationItem("Health", "health", "Setup › Machine"),
        NavigationItem("Readiness", "ready", "Setup › Machine", order=1),
        NavigationItem("Metrics", "metrics", "Setup › Information"),
    )
    request = request_for("/docs/screens/account")
    assert registry.links(request) == [
        Link("Account", "/account/", is_current=False),
        Link("Documentation", "/docs/", is_current=True),
    ]
    health, readiness = (
        Link("Health", "/healthz", is_current=False),
        Link("Readiness", "/readyz", is_current=False),
    )
    assert registry.menus(request) == [
        Menu(
            "Setup",
            [
                Group("Information", [Link("Metrics", "/metrics", is_current=False)]),
                Group("Machine", [readiness, health]),
            ],
        )
    ]
    assert not registry.menus(request)[0].is_current
    assert registry.menus(request_for("/healthz"))[0].is_current


def test_hidden_and_unknown_pages_are_left_out(request_for: Callable[[str], HttpRequest]) -> None:
    registry = navigation(
        NavigationItem("Hidden", "health", "Setup", visible=lambda request: False),
        NavigationItem("Unknown", "no-such-page"),
    )
    assert registry.links(request_for("/")) == []
    assert registry.menus(request_for("/")) == []


def test_a_page_registers_once() -> None:
    with pytest.raises(ValueError, match="docs is in the navigation already"):
        navigation(NavigationItem("Docs", "docs"), NavigationItem("Documentation", "docs"))


class Example(forms.Form):
    name = forms.CharField(label="Name", help_text="Any name.")
    limit = forms.IntegerField(label="Limit")
    colour = forms.ChoiceField(label="Colour", choices=[("r", "Red")], widget=forms.RadioSelect)


TABS = [Tab("one", "One", ["name"]), Tab("two", "Two", ["limit", "colour"])]


def test_tabs_count_their_errors_and_the_first_with_errors_is_open() -> None:
    assert tabs_of(Example(), TABS) == [ShownTab("one", "One", 0, True), ShownTab("two", "Two", 0, False)]
    shown = tabs_of(Example({"name": "x", "limit": "many"}), TABS)
    assert shown == [ShownTab("one", "One", 0, False), ShownTab("two", "Two", 2, True)]


def test_refusals_stand_at_their_fields() -> None:
    form = Example({"name": "x", "limit": "1", "colour": "r"})
    assert form.is_valid()
    refusal = Invalid(
        [FieldError("label", "Taken."), FieldError("limit", "Too low."), FieldError("other", "No.")]
    )
    show_errors(form, refusal, {"label": "name"})
    assert form.errors == {"name": ["Taken."], "limit": ["Too low."], "__all__": ["No."]}


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_is_tied_to_its_help_and_errors() -> None:
    html = render("{% field form.name %}", form=Example({"name": ""}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert '<label class="form-label" for="id_name">' in html


def test_what_was_typed_is_escaped() -> None:
    html = render("{% field form.name %}", form=Example({"name": '"><script>'}))
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    noon = datetime(2026, 1, 31, 23, 30, 15, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        html = moment(noon)
    assert html == '<time datetime="2026-01-31T23:30:15Z" data-moment="relative">1 Feb 2026, 08:30</time>'
    assert moment(None) == "–"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada Lovelace", "AL"), ("admin", "A"), ("anna.maria_cole", "AC"), ("élan vital", "ÉV"), ("", "")],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(SimpleNamespace(name=name)) == expected or not name


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "web/csrf_failed.html"])
def test_error_pages_need_nothing_but_themselves(name: str) -> None:
    """Django shows some of them when not even the context processors can be trusted."""
    page = render_to_string(name)
    assert "<h1>" in page
    assert "Linecard" in page
