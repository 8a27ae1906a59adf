"""The Customers page, and the two things that its selection can be told: go away, and come back."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linecard.accounts.actor import acting_in
from linecard.customers.actions import archive_customer, restore_customer
from linecard.customers.models import Customer
from linecard.customers.queries import visible_to
from linecard.customers.tables import CUSTOMERS, CUSTOMERS_SCREEN
from linecard.customers.views.selected import change_selected
from linecard.web.grid import Selection, address_of_one

QUERY_URL = "/api/v1/customers/query"


@require_GET
def customer_list(request: HttpRequest) -> HttpResponse:
    """The grid, with its first rows."""
    user = acting_in(request).user
    context = CUSTOMERS_SCREEN.context(
        visible_to(user), request.GET.dict(), query_url=QUERY_URL, row_url=address_of_one("customers:card")
    )
    return render(request, "customers/list.html", context)


@require_POST
def archive_selected(request: HttpRequest) -> HttpResponse:
    """Archive some of the selected cards that are not; see ``change_selected``."""
    return _change_selected(request, archive_customer, archived=False)


@require_POST
def restore_selected(request: HttpRequest) -> HttpResponse:
    """Restore some of the selected cards that are archived; see ``change_selected``."""
    return _change_selected(request, restore_customer, archived=True)


def _change_selected(
    request: HttpRequest, change: Callable[..., Customer], *, archived: bool
) -> HttpResponse:
    by = acting_in(request)
    by.require("customers", "delete")

    def wanted(selection: Selection) -> QuerySet[Customer]:
        selected: QuerySet[Customer] = CUSTOMERS.selected(visible_to(by.user), selection)
        return selected.filter(archived_at__isnull=not archived)

    return change_selected(request, wanted, lambda pk: change(customer_id=pk, by=by))
