"""The card's first page, and putting the card away and back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from linecard.accounts.actor import acting_in
from linecard.customers import actions
from linecard.customers.bulk_work.guards import told_reasons
from linecard.customers.fields import CARD_FIELDS, card_context, card_values
from linecard.customers.models import Customer
from linecard.customers.views.pages import card_of, card_page, of_visible_card, user_of
from linecard.customers.views.pending import next_rows
from linecard.fields import country_name
from linecard.kernel.errors import Stale
from linecard.kernel.money import plain_amount
from linecard.web.forms.records import RecordForm
from linecard.web.versions import version_of

# So many notes are shown at first; the rest comes with "show all".
NOTES_SHOWN = 20

_IN_SUMMARY = ("debit_limit", "channels", "cps")
_IN_DETAILS = (
    "minimum_payment",
    "tax",
    "reseller",
    "account_manager",
    "external_accounting_id",
    "invoice_schedule",
    "rtp_firewall",
    "portal_access",
)


@require_safe
@of_visible_card
def main(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who the customer is, what they may do, how to reach them, what was noted."""
    return main_page(request, card_of(request, customer_id))


@require_POST
@of_visible_card
def archive(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Put the card away, as it was when the page was shown."""
    try:
        customer = actions.archive_customer(
            customer_id=customer_id,
            by=acting_in(request),
            expected_version=version_of(request),
            archive="archive" in request.POST,
        )
    except Stale:
        messages.error(
            request, gettext("Somebody changed this customer in the meantime. Look again, then delete it.")
        )
        return redirect("customers:card", customer_id)
    url = reverse("customers:card", args=[customer_id])
    text = gettext('{} was deleted. It is kept under <a href="{}">its old address</a> and can be restored.')
    messages.success(request, format_html(text, customer.name, url))
    return redirect("customers:list")


@require_POST
@of_visible_card
def restore(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Bring an archived card back."""
    customer = actions.restore_customer(customer_id=customer_id, by=acting_in(request))
    messages.success(request, gettext("{name} was restored.").format(name=customer.name))
    return redirect("customers:card", customer_id)


def main_page(
    request: HttpRequest,
    customer: Customer,
    *,
    form: RecordForm | None = None,
    form_of: str = "",
    part_id: int = 0,
) -> HttpResponse:
    """The first page; ``form`` is open in its panel: a new contact or note, or the one of ``part_id``."""
    context = panels(customer, form=form, form_of=form_of, part_id=part_id, all_notes="notes" in request.GET)
    context |= {"summary": _facts(customer, _IN_SUMMARY), "details": _facts(customer, _IN_DETAILS)}
    context |= {"money": _money(customer), "unmet": _unmet_verifications(customer, context["contacts"])}
    context |= {"address": _address(customer), "required": _required(customer)}
    context |= {"kept_by": told_reasons(vars(customer))}
    context |= {"vars_lines": len(customer.vars.strip().splitlines())}
    # asked for only when the card's counts say that there is something
    context |= {"planned": SimpleLazyObject(lambda: next_rows(customer, user_of(request)))}
    status = 422 if form is not None and form.errors else 200
    return card_page(request, "customers/card/main.html", customer, "card", context, status=status)


def panels(
    customer: Customer,
    *,
    form: RecordForm | None = None,
    form_of: str = "",
    part_id: int = 0,
    all_notes: bool = False,
) -> dict[str, Any]:
    """What the panels of contacts and notes show."""
    notes = customer.notes.all()
    return {
        "contacts": list(customer.contacts.all()),
        "notes": list(notes if all_notes or form_of == "note" else notes[:NOTES_SHOWN]),
        "notes_shown": NOTES_SHOWN,
        "form": form,
        "form_of": form_of if form else "",
        "part_id": part_id,
    }


def _facts(customer: Customer, names: tuple[str, ...]) -> list[Any]:
    values, context = card_values(customer), card_context(customer)
    shown = {name: CARD_FIELDS[name].show(values[name], context) for name in names}
    named = {"reseller": customer.reseller, "account_manager": customer.account_manager}
    shown |= {name: str(row or "") for name, row in named.items() if name in names}
    return [(gettext(CARD_FIELDS[name].label), value) for name, value in shown.items()]


def _address(customer: Customer) -> str:
    """The address as it stands on an envelope."""
    city = " ".join(part for part in (customer.postcode, customer.city) if part)
    rows = (customer.street, city, customer.region, country_name(customer.country))
    return "\n".join(row for row in rows if row)


def _required(customer: Customer) -> str:
    """What calls of this customer need besides the rest."""
    names = ("approved_clis_only", "email_verification", "mobile_verification")
    words = (gettext("Approved CLI"), gettext("verified email"), gettext("verified mobile"))
    return ", ".join(word for name, word in zip(names, words, strict=True) if getattr(customer, name))


def _money(customer: Customer) -> dict[str, str]:
    """Balance and credit left; live calls' reservations are taken off the latter."""
    meter, currency = customer.meter, customer.currency
    left = meter.balance_micros + customer.debit_limit_micros - meter.reserved_micros
    shown, context = CARD_FIELDS["debit_limit"].show, card_context(customer)
    return {
        "balance": shown(plain_amount(meter.balance_micros, currency), context),
        "credit_left": shown(plain_amount(left, currency), context),
    }


def _unmet_verifications(customer: Customer, contacts: list[Any]) -> list[str]:
    """The required verifications that no contact has done: calls are refused until one has."""
    return [
        way
        for way in ("email", "mobile")
        if getattr(customer, f"{way}_verification")
        and not any(getattr(contact, f"{way}_verified") for contact in contacts)
    ]
