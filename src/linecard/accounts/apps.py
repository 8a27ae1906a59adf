"""The accounts room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop

from linecard.web.shell import INFORMATION, SETUP, NavigationItem, navigation


class AccountsConfig(AppConfig):
    """Label ``accounts``."""

    name = "linecard.accounts"
    label = "accounts"

    def ready(self) -> None:
        from linecard.accounts.live import register_live_grid
        from linecard.accounts.permissions import Area, register_area
        from linecard.accounts.places import register_places
        from linecard.accounts.subjects import register_subjects
        from linecard.accounts.templating import seen_with

        register_area(
            Area("messages", gettext_noop("Messages"), 50, gettext_noop("Email and SMS to customers."))
        )
        register_area(Area("settings", gettext_noop("Settings"), 60, verbs=("read", "update")))
        register_area(Area("users", gettext_noop("Users"), 70, gettext_noop("Users, groups and resellers.")))
        register_area(
            Area(
                "audit",
                gettext_noop("Audit log"),
                80,
                gettext_noop("Who did what."),
                verbs=("read",),
                told=gettext_noop("the audit log"),
            )
        )
        register_live_grid("users", area="users")
        for grid, area in (("groups", "users"), ("resellers", "users"), ("audit", "audit")):
            register_live_grid(grid, area=area, staff_only=True)
        register_subjects()
        register_places()
        audit_log = NavigationItem(
            gettext_noop("Audit log"),
            "audit-log",
            INFORMATION,
            order=30,
            visible=seen_with("audit", "read", staff_only=True),
        )
        navigation.register(audit_log)
        managing = (
            (gettext_noop("Users"), "users", seen_with("users", "read")),
            (gettext_noop("Groups"), "groups", seen_with("users", "read", staff_only=True)),
            (gettext_noop("Resellers"), "resellers", seen_with("users", "read", staff_only=True)),
        )
        for position, (label, url_name, visible) in enumerate(managing):
            navigation.register(NavigationItem(label, url_name, SETUP, order=10 * position, visible=visible))
