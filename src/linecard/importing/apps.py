"""The importing room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop

from linecard.web import jobs
from linecard.web.shell import INFORMATION, NavigationItem, navigation


class ImportingConfig(AppConfig):
    """Label ``importing``."""

    name = "linecard.importing"
    label = "importing"

    def ready(self) -> None:
        from linecard.accounts.live import register_live_grid
        from linecard.accounts.permissions import Area, register_area
        from linecard.accounts.templating import seen_with
        from linecard.importing.api.spelling import find_import_job
        from linecard.importing.queries import visible_uploads
        from linecard.importing.subjects import register_subjects
        from linecard.importing.tables import uploads_screen
        from linecard.web.grid import places

        register_area(
            Area(
                "uploads",
                gettext_noop("Uploads"),
                40,
                gettext_noop("Delete: take an upload back."),
                verbs=("create", "read", "delete"),
            )
        )
        jobs.register(find_import_job)
        place = places.Place(
            url_name="importing:list", screen=lambda _: uploads_screen(), rows=visible_uploads
        )
        places.register("uploads", place)
        register_live_grid("uploads", area="uploads")
        register_subjects()
        uploads = NavigationItem(
            gettext_noop("Uploads"),
            "importing:list",
            INFORMATION,
            order=20,
            visible=seen_with("uploads", "read"),
        )
        navigation.register(uploads)
