"""Where every URL goes. Each room brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from linecard.config.api import api
from linecard.web.api_mount import api_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linecard.accounts.urls")),
    path("", include("linecard.setup.urls")),
    path("", include("linecard.customers.urls")),
    path("", include("linecard.importing.urls")),
    path("", include("linecard.messaging.urls")),
    path("", include("linecard.web.urls")),
    path("api/", api_urls(api)),
]
