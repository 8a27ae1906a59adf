"""``If-Match`` on a card: from the tag that somebody read to the version that the action must find."""

from django.http import HttpRequest

from linecard.accounts.models import User
from linecard.customers.queries import visible_to
from linecard.web.answers import demanded_version


def expected_version(request: HttpRequest, user: User, customer_id: int) -> int | None:
    """The version that ``If-Match`` demands; None when it demands none."""

    def present() -> int | None:
        return visible_to(user).filter(pk=customer_id).values_list("version", flat=True).first()

    return demanded_version(request, customer_id, present)
