"""A page with every part that forms are made of, so that each is tried apart from any real form."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.template.backends.django import DjangoTemplates

from linecard.web.tabs import Tab, tabs_of

TEMPLATE = Path(__file__).with_name("gallery.html")
TABS = [
    Tab("basic", "Basic", ["name", "status", "limit"]),
    Tab("config", "Config", ["tags", "vars", "extra"]),
]
VARS = '# for scripts\n[routing]\nprefix = "44"\nattempts = 3\n'


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", max_length=20, help_text="Any name.")
    status = forms.ChoiceField(
        label="Status", choices=[("on", "On"), ("off", "Off")], widget=forms.RadioSelect, initial="on"
    )
    limit = forms.IntegerField(label="Limit", required=False, min_value=0)
    tags = forms.CharField(label="Tags", required=False, initial="gold, wholesale")
    vars = forms.CharField(label="Vars", required=False, widget=forms.Textarea, initial=VARS)
    extra = forms.MultipleChoiceField(
        label="Extra",
        required=False,
        choices=[("a", "Alpha"), ("b", "Beta")],
        widget=forms.CheckboxSelectMultiple,
    )
    secret = forms.CharField(label="Secret", required=False, widget=forms.PasswordInput)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show the form; a valid one counts as saved and comes back empty."""
    form = GalleryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, f"{form.cleaned_data['name']} was saved with {form.cleaned_data['tags']}.")
        return redirect("gallery")
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    template = engine.from_string(TEMPLATE.read_text("utf-8"))
    page = template.render({"form": form, "tabs": tabs_of(form, TABS)}, request)
    return HttpResponse(page, status=422 if form.errors else 200)
