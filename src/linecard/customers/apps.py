"""The customers room as a Django app."""

from django.apps import AppConfig

from linecard.web.shell import NavigationItem, navigation


class CustomersConfig(AppConfig):
    """Label ``customers``."""

    name = "linecard.customers"
    label = "customers"

    def ready(self) -> None:
        from linecard.customers.uploads.target import Customers
        from linecard.importing import target as targets

        targets.register(Customers())
        navigation.register(NavigationItem("Customers", "customers:list", order=10))
        navigation.register(
            NavigationItem("Delay log", "customers:delay-log", "Setup › Information", order=10)
        )
