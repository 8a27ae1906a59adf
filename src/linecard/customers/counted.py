"""How many cards a user is in charge of, and how many a reseller has: told to the lists in Setup."""

import json
from dataclasses import replace
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_noop

from linecard.accounts import figures
from linecard.accounts.figures import AddressOf, Figure
from linecard.customers.models import Customer


def register_figures() -> None:
    """Offer the two numbers."""
    figures.of_users.append(replace(_cards_by("account_manager"), hand_over_url=_hand_over_address))
    figures.of_resellers.append(_cards_by("reseller"))


def cards_address(column: str, value: int) -> str:
    """The Customers page with the cards in whose column the value stands."""
    terms = json.dumps({column: {"op": "equals", "value": value}}, separators=(",", ":"))
    return f"{reverse('customers:list')}?{urlencode({'filter': terms})}"


def _hand_over_address(user_id: int) -> str:
    return reverse("customers:hand-over", args=[user_id])


def _cards_by(column: str) -> Figure:
    return Figure(
        name="customers",
        label=gettext_noop("Customers"),
        area="customers",
        number=_number_by(f"{column}_id"),
        list_url=_address_by(column),
    )


def _address_by(column: str) -> AddressOf:
    return lambda pk: cards_address(column, pk)


def _number_by(path: str) -> Combinable:
    """Archived cards are in no list, so they do not count."""
    cards = Customer.objects.filter(archived_at=None, **{path: OuterRef("pk")})
    numbers = cards.order_by().values(path).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), Value(0))
