"""The accounts room as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Label ``accounts``."""

    name = "linecard.accounts"
    label = "accounts"
