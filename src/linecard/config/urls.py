"""Where every URL goes. Each room brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linecard.accounts.urls")),
    path("", include("linecard.web.urls")),
]
