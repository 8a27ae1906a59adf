"""The product's addresses, and one page that shows all parts of forms together."""

from django.urls import include, path

from e2e.gallery import gallery

urlpatterns = [
    path("gallery/", gallery, name="gallery"),
    path("", include("linecard.config.urls")),
]
