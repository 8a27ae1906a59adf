"""The room of saved views as a Django app."""

from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    """Label ``saved_views``."""

    name = "linecard.saved_views"
    label = "saved_views"

    def ready(self) -> None:
        from linecard.saved_views.offering import offered_views
        from linecard.saved_views.subjects import register_subjects
        from linecard.web.grid import views

        views.register(offered_views)
        register_subjects()
