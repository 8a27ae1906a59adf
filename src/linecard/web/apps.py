"""The web room as a Django application: templates, static files, and one table."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What all pages and API calls share."""

    name = "linecard.web"
    label = "web"
    verbose_name = "Web"
