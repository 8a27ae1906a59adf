"""The setup room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop

from linecard.web.shell import SETUP, NavigationItem, navigation


class SetupConfig(AppConfig):
    """Label ``setup``."""

    name = "linecard.setup"
    label = "setup"

    def ready(self) -> None:
        from linecard.accounts import forgotten
        from linecard.accounts.templating import seen_with
        from linecard.audit.subjects import Subject, register
        from linecard.kernel.regional import take_regional_from
        from linecard.setup.declarations import register_section
        from linecard.setup.queries import regional_settings
        from linecard.setup.resetting import forgotten_page
        from linecard.setup.sections import OWN_SECTIONS

        forgotten.offer(forgotten_page)
        take_regional_from(regional_settings)
        for section in OWN_SECTIONS:
            register_section(section)
        register(Subject(type="settings", label=gettext_noop("Settings")))
        navigation.register(
            NavigationItem(
                gettext_noop("Settings"),
                "settings",
                SETUP,
                order=5,
                visible=seen_with("settings", "read", staff_only=True),
            )
        )
