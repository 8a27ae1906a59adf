"""The page that shows the API's document to people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class ApiViewer(DocsBase):
    """Swagger UI from our own files: nothing is loaded from elsewhere, and no script stands in the page."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        return render(request, "web/api_viewer.html", {"document": self.get_openapi_url(api, kwargs)})
