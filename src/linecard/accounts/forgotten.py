"""Where somebody goes who forgot their password: a room above offers the page, when it can send email."""

from collections.abc import Callable

_offers: list[Callable[[], str]] = []


def offer(page: Callable[[], str]) -> None:
    """Offer a page: its address, or nothing while it cannot help. Called when the program starts."""
    _offers.append(page)


def forgotten_page() -> str:
    """The address of the page; empty when nobody can help."""
    return next((address for offered in _offers if (address := offered())), "")
