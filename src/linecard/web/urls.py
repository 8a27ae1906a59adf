"""Addresses that belong to no domain."""

from django.urls import path

from linecard.web import views

urlpatterns = [
    path("", views.start, name="start"),
    path("healthz", views.health, name="health"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.measurements, name="metrics"),
    path("texts/<slug:language>.js", views.script_texts, name="script-texts"),
    path("docs/", views.docs, name="docs"),
    path("docs/<path:page>", views.docs, name="docs-page"),
]
