"""Reading cards: always through what the user may see."""

from typing import Any

from django.db.models import CharField, Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import in_scope, sees_everything, visible_users
from linecard.customers.bulk_work.guards import guard_columns
from linecard.customers.models import ApprovedCli, Contact, Customer, Note, PendingChange, Tag
from linecard.customers.words import ChangeState
from linecard.kernel.names import prefix_query
from linecard.web.database import the_one

MAX_SUGGESTED_TAGS = 500


def visible_to(user: User) -> QuerySet[Customer]:
    """The cards that the user may see, archived ones included. Raises ``Forbidden`` for one who may see none."""
    require(user, "customers", "read")
    return in_scope(Customer.objects.all(), user)


def get_customer(user: User, customer_id: int) -> Customer:
    """One card with what its page shows. Raises ``NotFound``, also for a card of another reseller."""
    cards = (
        visible_to(user).select_related("reseller", "account_manager", "meter").annotate(**guard_columns())
    )
    return the_one(cards.filter(pk=customer_id), gettext_noop("customer"))


def cards_of_manager(user: User, manager_id: int) -> QuerySet[Customer]:
    """The cards that the user may see and somebody is the account manager of, archived ones included.

    Raises ``Forbidden``.
    """
    return visible_to(user).filter(account_manager_id=manager_id)


def get_manager(user: User, user_id: int) -> User:
    """Somebody of whom the user may know. Raises ``NotFound``."""
    return the_one(visible_users(user).filter(pk=user_id), gettext_noop("user"))


def lock_customer(user: User, customer_id: int) -> Customer:
    """One card, locked until the transaction ends. Raises ``NotFound``."""
    return the_one(
        visible_to(user).select_for_update(of=("self",)).filter(pk=customer_id), gettext_noop("customer")
    )


def search_cards(cards: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Those cards in which every word of the text begins a word of the name, a contact or the external ID."""
    query = prefix_query(text)
    if not query:
        return cards.none() if text.strip() else cards
    return cards.filter(search__matches=query)


def visible_pending_changes(user: User) -> QuerySet[PendingChange]:
    """The pending changes of cards that the user may see, and those for their reseller of new or of many cards."""
    require(user, "customers", "read")
    changes = PendingChange.objects.select_related("customer", "made_by", "reverts", "work")
    if sees_everything(user):
        return changes
    own = user.reseller_id
    return changes.filter(Q(customer__reseller_id=own) | Q(customer=None, reseller_id=own))


def get_change(user: User, change_id: int) -> PendingChange:
    """One pending change. Raises ``NotFound``, also for one of another reseller's card."""
    return the_one(visible_pending_changes(user).filter(pk=change_id), gettext_noop("pending change"))


def pending_changes_of(customer: Customer) -> QuerySet[PendingChange]:
    """A card's pending changes, newest first."""
    return (
        PendingChange.objects.filter(customer=customer)
        .select_related("customer", "made_by", "reverts")
        .order_by("-id")
    )


def card_counts(customer: Customer) -> dict[str, int]:
    """How much hangs on a card: contacts, notes, CLIs, and changes that wait or are held. One query."""
    open_changes = PendingChange.objects.filter(state__in=(ChangeState.WAITING, ChangeState.HELD))
    parts: dict[str, QuerySet[Any]] = {
        "contacts": Contact.objects.all(),
        "notes": Note.objects.all(),
        "clis": ApprovedCli.objects.all(),
        "open_changes": open_changes,
    }
    counts = Customer.objects.values_list(*map(_count_of, parts.values())).get(pk=customer.pk)
    return dict(zip(parts, counts, strict=True))


def known_tags(user: User) -> list[str]:
    """Tags to suggest: only those that stand on cards which the user may see."""
    if sees_everything(user):
        return list(Tag.objects.order_by("name_key").values_list("name", flat=True)[:MAX_SUGGESTED_TAGS])
    tags = visible_to(user).annotate(tag=Func(F("tags"), function="unnest", output_field=CharField()))
    return list(tags.values_list("tag", flat=True).distinct().order_by("tag")[:MAX_SUGGESTED_TAGS])


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    own = rows.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
