"""Account managers: all cards of one to another."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from ninja import Router

from linecard.accounts.api_auth import calling
from linecard.customers.actions import hand_over_cards
from linecard.customers.api import schemas
from linecard.customers.queries import get_manager
from linecard.web.answers import json_answer

router = Router(tags=["Customers"])


@router.post(
    "/users/{int:user_id}/hand-over", response=schemas.HandedOver, summary="Hand over all cards of a user"
)
def hand_over(request: HttpRequest, user_id: int, payload: schemas.HandOver) -> HttpResponse:
    """All cards of which the user is the account manager, archived ones included, get another one, or none.

    You hand over the cards that you may see. It takes the permission to change customers.
    """
    by = calling(request)
    by.require("customers", "update")
    manager = get_manager(by.user, user_id)
    return json_answer(asdict(hand_over_cards(manager_id=manager.pk, to_id=payload.to, by=by)))
