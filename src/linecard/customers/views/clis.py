"""The caller ids that a customer may send."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from linecard.accounts.actor import acting_in
from linecard.accounts.permissions import require
from linecard.customers import actions
from linecard.customers.fields import CLI_FIELDS
from linecard.customers.forms.parts import CliForm
from linecard.customers.models import ApprovedCli, Customer
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of
from linecard.kernel.errors import Conflict, Invalid, NotFound

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@of_visible_card
def approved(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The approved CLIs, and a form that approves one more."""
    if request.method != "POST":
        return _page(request, card_of(request, customer_id), CliForm())
    form = CliForm(request.POST)
    try:
        cli = actions.add_cli(customer_id=customer_id, values=form.given(), by=acting_in(request))
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _page(request, card_of(request, customer_id), form)
    messages.success(request, gettext("{shown} may be sent now.").format(shown=_shown(cli)))
    return redirect("customers:clis", customer_id)


@require_http_methods(["GET", "POST"])
@of_visible_card
def edit(request: HttpRequest, customer_id: int, cli_id: int) -> HttpResponse:
    """Change an approved CLI or its reason."""
    require(user_of(request), "customers", "update")
    customer = card_of(request, customer_id)
    cli = customer.clis.filter(pk=cli_id).first()
    if cli is None:
        raise NotFound(gettext("This customer has no such CLI."))
    if request.method != "POST":
        return _page(request, customer, CliForm(cli=cli), cli)
    form = CliForm(request.POST)
    try:
        actions.update_cli(customer_id=customer_id, cli_id=cli_id, values=form.given(), by=acting_in(request))
    except (Invalid, Conflict) as refusal:
        form.refuse(refusal)
        return _page(request, customer, form, cli)
    messages.success(request, gettext("The approved CLI was saved."))
    return redirect("customers:clis", customer_id)


@require_POST
@of_visible_card
def delete(request: HttpRequest, customer_id: int, cli_id: int) -> HttpResponse:
    """Withdraw the approval of a CLI."""
    actions.delete_cli(customer_id=customer_id, cli_id=cli_id, by=acting_in(request))
    messages.success(request, gettext("The approval was withdrawn."))
    return redirect("customers:clis", customer_id)


def _page(
    request: HttpRequest, customer: Customer, form: CliForm, cli: ApprovedCli | None = None
) -> HttpResponse:
    page = Paginator(_found(customer, request.GET.get("q", "")), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "rows": [(row, _shown(row)) for row in page],
        "form": form,
        "edited": cli,
        "q": request.GET.get("q", ""),
    }
    status = 422 if form.errors else 200
    return card_page(request, "customers/card/clis.html", customer, "clis", context, status=status)


def _found(customer: Customer, text: str) -> Any:
    """The CLIs whose digits contain those of the text."""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    return customer.clis.filter(cli__contains=digits) if digits else customer.clis.all()


def _shown(cli: ApprovedCli) -> str:
    return CLI_FIELDS["cli"].show(cli.cli)
