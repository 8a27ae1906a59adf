"""Giving the cards of one account manager to another."""

from dataclasses import dataclass
from time import monotonic

from django.db import transaction
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.accounts.scope import visible_users
from linecard.customers.actions.bulk import CardChange, change_cards
from linecard.customers.models import Customer
from linecard.customers.queries import cards_of_manager
from linecard.kernel.errors import Invalid

BLOCK = 500  # cards in one transaction: well under a second
# A request works for so long, then says how far it has come: tens of thousands of cards.
MAX_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was done; ``remaining`` cards can be handed over yet, ``kept`` cannot: the other would not see them."""

    changed: int
    remaining: int
    kept: int


def hand_over_cards(*, manager_id: int, to_id: int | None, by: UserActor) -> HandedOver:
    """Give the cards of one account manager to another, or to nobody, until none remains or the time is up.

    Archived cards go with the others: restored, they must not come back with somebody who has left. Raises
    ``Forbidden``, and ``Invalid`` for somebody who cannot be in charge.
    """
    ends = monotonic() + MAX_SECONDS
    changed = 0
    while True:
        block = _hand_over_block(manager_id, to_id, by)
        changed += block.changed
        if not block.remaining or monotonic() > ends:
            return HandedOver(changed=changed, remaining=block.remaining, kept=block.kept)


@transaction.atomic
def _hand_over_block(manager_id: int, to_id: int | None, by: UserActor) -> HandedOver:
    by.require("customers", "update")
    successor = _successor(manager_id, to_id, by)
    own = cards_of_manager(by.user, manager_id)
    fitting = own
    if successor is not None and successor.reseller_id is not None:
        fitting = own.filter(reseller_id=successor.reseller_id)
    cards: list[Customer] = list(fitting.select_for_update(of=("self",)).order_by("pk")[:BLOCK])
    changes = [CardChange(card, {"account_manager_id": to_id}, note="Handed over") for card in cards]
    changed = change_cards(changes, by=by)
    remaining = fitting.count()
    return HandedOver(changed=len(changed), remaining=remaining, kept=own.count() - remaining)


def _successor(manager_id: int, to_id: int | None, by: UserActor) -> User | None:
    if to_id is None:
        return None
    found = visible_users(by.user).filter(pk=to_id, is_active=True).first()
    if found is None:
        raise Invalid({"to": gettext("There is no such active user.")})
    if found.pk == manager_id:
        raise Invalid({"to": gettext("These are already this user's cards.")})
    return found
