"""The Customers page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linecard.accounts.actor import acting_in
from linecard.customers.queries import visible_to
from linecard.customers.tables import CUSTOMERS, CUSTOMERS_SCREEN
from linecard.web.grid import address_of_one

QUERY_URL = "/api/v1/customers/query"


@require_GET
def customer_list(request: HttpRequest) -> HttpResponse:
    """The grid, with its first rows."""
    user = acting_in(request).user
    context = CUSTOMERS_SCREEN.context(
        visible_to(user),
        request.GET.dict(),
        query_url=QUERY_URL,
        row_url=address_of_one("customers:card"),
        user=user,
        export_url=reverse("grid-export", args=[CUSTOMERS.name]),
    )
    return render(request, "customers/list.html", context)
