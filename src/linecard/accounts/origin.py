"""Where a request comes from, and whether its user may come from there."""

from django.http import HttpRequest

from linecard.accounts.models import User
from linecard.kernel.addresses import guessing_address, is_within, plain_address

MAX_AGENT = 200


def address_of(request: HttpRequest) -> str | None:
    """The address that the request came from, as the reverse proxy told it; None for none."""
    return plain_address(request.META.get("REMOTE_ADDR"))


def guessing_address_of(request: HttpRequest) -> str | None:
    """The address under which the request's wrong password is counted; see ``guessing_address``."""
    return guessing_address(request.META.get("REMOTE_ADDR"))


def agent_of(request: HttpRequest) -> str:
    """How the browser calls itself, cut to what is kept of it."""
    agent = "".join(letter for letter in request.headers.get("User-Agent", "") if letter.isprintable())
    return agent[:MAX_AGENT]


def may_come_from(user: User, address: str | None) -> bool:
    """Whether the user's list of addresses lets them in from there; an empty list does, from anywhere."""
    return not user.allowed_addresses or is_within(address, user.allowed_addresses)
