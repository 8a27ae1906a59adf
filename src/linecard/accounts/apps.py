"""The accounts room as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Label ``accounts``."""

    name = "linecard.accounts"
    label = "accounts"

    def ready(self) -> None:
        from linecard.accounts.permissions import Area, register_area

        register_area(Area("messages", "Messages", 50, "Email and SMS to customers."))
        register_area(Area("settings", "Settings", 60, verbs=("read", "update")))
        register_area(Area("users", "Users", 70, "Users, groups and resellers."))
        register_area(Area("audit", "Audit log", 80, "Who did what.", verbs=("read",)))
