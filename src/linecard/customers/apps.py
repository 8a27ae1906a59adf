"""The customers room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop

from linecard.web.shell import INFORMATION, NavigationItem, navigation


class CustomersConfig(AppConfig):
    """Label ``customers``."""

    name = "linecard.customers"
    label = "customers"

    def ready(self) -> None:
        from linecard.accounts.live import register_live_grid
        from linecard.accounts.permissions import Area, register_area
        from linecard.accounts.templating import seen_with
        from linecard.customers.bulk_work import guards
        from linecard.customers.bulk_work.queries import visible_works
        from linecard.customers.bulk_work.spelling import find_bulk_job
        from linecard.customers.counted import register_figures
        from linecard.customers.defaults import SECTION
        from linecard.customers.delay_log import DELAY_LOG, delay_log_screen
        from linecard.customers.queries import visible_pending_changes, visible_to
        from linecard.customers.subjects import register_subjects
        from linecard.customers.tables import CUSTOMERS, CUSTOMERS_SCREEN
        from linecard.customers.uploads.target import Customers
        from linecard.customers.work_tables import WORKS, WORKS_SCREEN
        from linecard.importing import target as targets
        from linecard.setup.declarations import register_section
        from linecard.web import jobs
        from linecard.web.grid import places

        register_area(
            Area(
                "customers",
                gettext_noop("Customers"),
                10,
                gettext_noop("Cards, approved CLIs and planned changes. Delete: archive."),
            )
        )
        register_area(Area("contacts", gettext_noop("Contacts"), 20))
        register_area(Area("notes", gettext_noop("Notes"), 30))
        register_section(SECTION)
        targets.register(Customers())
        register_subjects()
        register_figures()
        place = places.Place(url_name="customers:list", screen=lambda _: CUSTOMERS_SCREEN, rows=visible_to)
        places.register(CUSTOMERS.name, place)
        works = places.Place(
            url_name="customers:bulk-works", screen=lambda _: WORKS_SCREEN, rows=visible_works
        )
        places.register(WORKS.name, works)
        changes = places.Place(
            url_name="customers:delay-log", screen=delay_log_screen, rows=visible_pending_changes
        )
        places.register(DELAY_LOG, changes)
        for grid in (CUSTOMERS.name, WORKS.name, DELAY_LOG):
            register_live_grid(grid, area="customers")
        guards.register_own()
        jobs.register(find_bulk_job)
        sees_cards = seen_with("customers", "read")
        navigation.register(
            NavigationItem(gettext_noop("Customers"), "customers:list", order=10, visible=sees_cards)
        )
        delay_log = NavigationItem(
            gettext_noop("Delay log"), "customers:delay-log", INFORMATION, order=10, visible=sees_cards
        )
        navigation.register(delay_log)
        bulk_works = NavigationItem(
            gettext_noop("Bulk works"), "customers:bulk-works", INFORMATION, order=15, visible=sees_cards
        )
        navigation.register(bulk_works)
