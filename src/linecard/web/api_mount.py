"""How an API gets its addresses."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI


def api_urls(api: NinjaAPI) -> tuple[list[URLPattern | URLResolver], str, str]:
    """Where the API answers, to be given to ``path``.

    Its addresses are exempt from the sign-in that pages require: the API's own authentication decides, and answers
    401 instead of sending a program to a form.
    """
    patterns, app_name, namespace = api.urls
    _open(patterns)
    return patterns, app_name, namespace


def _open(patterns: list[URLPattern | URLResolver]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _open(pattern.url_patterns)
        else:
            login_not_required(pattern.callback)
