"""Lists of options say what Django's own templates say."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget
from pytest_django.asserts import assertHTMLEqual

from linecard.web.form_renderer import FormRenderer

CHOICES = [
    ("", "—"),
    (1, "One & only"),
    ('"2"', "<b>Two</b>"),
    ("Asia", [("Asia/Tokyo", "Tokyo"), ("Asia/Ho_Chi_Minh", "Ho Chi Minh")]),
]


@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, forms.RadioSelect])
@pytest.mark.parametrize("chosen", [None, [1], ["Asia/Tokyo"], ['"2"', "1"]])
def test_a_list_is_what_django_makes_of_it(widget: type[ChoiceWidget], chosen: list[object] | None) -> None:
    control = widget(attrs={"class": "form-select", "required": True, "title": 'a "list"'}, choices=CHOICES)
    ours = control.render("zone", chosen, {"disabled": False}, renderer=FormRenderer())
    assertHTMLEqual(ours, control.render("zone", chosen, {"disabled": False}, renderer=DjangoTemplates()))


def test_forms_are_written_by_it() -> None:
    assert isinstance(forms.Form().renderer, FormRenderer)
