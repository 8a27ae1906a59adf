"""The customers room as a Django app."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Label ``customers``."""

    name = "linecard.customers"
    label = "customers"
