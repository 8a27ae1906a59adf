"""``If-Match`` on a card: from the tag that somebody read to the version that the action must find."""

from django.http import HttpRequest

from linecard.accounts.models import User
from linecard.customers.queries import visible_to
from linecard.web.answers import demanded_tags

# Versions count from one.
_NO_VERSION = 0


def expected_version(request: HttpRequest, user: User, customer_id: int) -> int | None:
    """The version that ``If-Match`` demands; None when it demands none.

    Several tags mean any of them: then the present one is chosen, if it is among them, and the action checks again.
    """
    tags = demanded_tags(request)
    if tags is None:
        return None
    versions = [version for tag in tags if (version := _version(tag, customer_id))]
    if len(versions) > 1:
        cards = visible_to(user).filter(pk=customer_id, version__in=versions)
        return cards.values_list("version", flat=True).first() or _NO_VERSION
    return versions[0] if versions else _NO_VERSION


def _version(tag: str, customer_id: int) -> int:
    """The version in a tag of this card; 0 for any other tag."""
    of, _, version = tag.strip('"').partition("-")
    is_ours = of == str(customer_id) and version.isascii() and version.isdigit() and len(version) < 10
    return int(version) if is_ours else _NO_VERSION
