"""Reading work on many cards: always through what the user may see."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from linecard.accounts.models import User
from linecard.accounts.permissions import require
from linecard.accounts.scope import in_scope
from linecard.customers.models import BulkBlock, BulkResult, BulkWork, Customer, PendingChange
from linecard.customers.words import BulkState
from linecard.web.database import the_one


def visible_works(user: User) -> QuerySet[BulkWork]:
    """The works that the user may know of, newest first. Raises ``Forbidden`` for one who may see no cards."""
    require(user, "customers", "read")
    return in_scope(BulkWork.objects.select_related("made_by", "acting"), user).order_by("-id")


def get_work(user: User, work_id: int) -> BulkWork:
    """One work. Raises ``NotFound``, also for one of another reseller."""
    return the_one(visible_works(user).filter(pk=work_id), gettext_noop("work"))


def lock_work(user: User, work_id: int) -> BulkWork:
    """One work that the user may know of, locked until the transaction ends. Raises ``NotFound``."""
    return the_one(
        visible_works(user).select_for_update(of=("self",)).filter(pk=work_id), gettext_noop("work")
    )


def changes_on(user: User, customer: Customer) -> QuerySet[PendingChange]:
    """A card's pending changes with those planned for many cards, itself among them, newest first."""
    planned = visible_works(user).filter(state=BulkState.PLANNED).order_by()
    blocks = BulkBlock.objects.filter(work__in=planned.values("pk"), ids__contains=[customer.pk])
    changes = PendingChange.objects.filter(Q(customer=customer) | Q(work__in=blocks.values("work_id")))
    return changes.select_related("customer", "made_by", "reverts", "work").order_by("-id")


def search_works(works: QuerySet[BulkWork], text: str) -> QuerySet[BulkWork]:
    """Those of somebody whose name has every word of the text."""
    for word in text.split():
        works = works.filter(Q(made_by__name__icontains=word) | Q(made_by__username__icontains=word))
    return works


def visible_results(user: User, work: BulkWork) -> QuerySet[BulkResult]:
    """What became of those of the cards that the user may see now, by the cards' ids."""
    require(user, "customers", "read")
    results = BulkResult.objects.filter(work=work).select_related("customer").order_by("customer_id")
    return in_scope(results, user, "customer__reseller_id")
