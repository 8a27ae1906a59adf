"""The Customers page, and the two things that its selection can be told: go away, and come back."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from linecard.accounts.actor import UserActor, acting_in
from linecard.customers.actions import archive_customer, restore_customer
from linecard.customers.models import Customer
from linecard.customers.queries import visible_to
from linecard.customers.tables import CUSTOMERS, CUSTOMERS_SCREEN
from linecard.kernel.errors import Invalid, LinecardError
from linecard.web.grid import Selection
from linecard.web.problems import problem, problem_of

QUERY_URL = "/api/v1/customers/query"

# One request changes at most so many cards, each in a transaction of its own: well under a second.
MAX_PER_REQUEST = 100


@require_GET
def customer_list(request: HttpRequest) -> HttpResponse:
    """The grid, with its first rows."""
    user = acting_in(request).user
    row_url = reverse("customers:card", args=[0]).replace("/0/", "/{id}/")
    context = CUSTOMERS_SCREEN.context(
        visible_to(user),
        request.GET.dict(),
        query_url=QUERY_URL,
        row_url=row_url,
        user=user,
        export_url=reverse("grid-export", args=[CUSTOMERS.name]),
    )
    return render(request, "customers/list.html", context)


@require_POST
def archive_selected(request: HttpRequest) -> HttpResponse:
    """Archive some of the selected cards that are not; see ``_change_selected``."""
    return _change_selected(request, archive_customer, archived=False)


@require_POST
def restore_selected(request: HttpRequest) -> HttpResponse:
    """Restore some of the selected cards that are archived; see ``_change_selected``."""
    return _change_selected(request, restore_customer, archived=True)


def _change_selected(
    request: HttpRequest, change: Callable[..., Customer], *, archived: bool
) -> HttpResponse:
    """Take a selection as JSON and answer ``{changed: [ids], remaining}``: the browser asks until none remains."""
    by = acting_in(request)
    by.require("customers", "delete")
    try:
        selection = Selection.model_validate_json(request.body)
        return JsonResponse(_change(by, selection, change, archived=archived))
    except ValidationError as error:
        return problem(422, detail=f"The selection cannot be read: {error.errors()[0]['msg']}.")
    except (LinecardError, Invalid) as error:
        return problem_of(error)


def _change(
    by: UserActor, selection: Selection, change: Callable[..., Customer], *, archived: bool
) -> dict[str, Any]:
    selected = CUSTOMERS.selected(visible_to(by.user), selection)
    wanted = selected.filter(archived_at__isnull=not archived)
    ids = list(wanted.order_by("id").values_list("id", flat=True)[:MAX_PER_REQUEST])
    for customer_id in ids:
        change(customer_id=customer_id, by=by)
    return {"changed": ids, "remaining": wanted.count()}
