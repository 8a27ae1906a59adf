"""Customers, as the upload of files sees them."""

from collections.abc import Callable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.accounts.permissions import Verb
from linecard.customers.uploads.checking import CustomerChecker
from linecard.customers.uploads.fields import ALIASES, CONTACT_COLUMNS, UPLOAD_FIELDS
from linecard.customers.uploads.undoing import undo_rows
from linecard.customers.uploads.writing import write_rows
from linecard.fields import Field
from linecard.importing.plan import Plan
from linecard.importing.target import LeftAlone, StagedRow, Target, Written
from linecard.importing.words import Mode


class Customers(Target):
    """Rows become cards; a column may also be a part of one contact."""

    name = "customers"
    one = gettext_noop("customer")
    many = gettext_noop("customers")
    fields: Mapping[str, Field] = UPLOAD_FIELDS
    required = ("name", "currency")
    keys = ("name", "external_accounting_id")
    aliases: Mapping[str, tuple[str, ...]] = ALIASES
    list_url = "customers:list"

    def needs(self, plan: Plan) -> list[tuple[str, Verb]]:
        verbs: list[Verb] = ["create"] if plan.mode == Mode.CREATE else ["create", "update"]
        with_contact = any(name in CONTACT_COLUMNS for name in (*plan.columns, *plan.constants))
        areas = ("customers", "contacts") if with_contact else ("customers",)
        return [(area, verb) for area in areas for verb in verbs]

    def checker(self, user: User, plan: Plan) -> CustomerChecker:
        return CustomerChecker(user, plan)

    def apply(self, rows: Sequence[StagedRow], *, by: UserActor, note: Callable[[int], str]) -> list[Written]:
        return write_rows(rows, by=by, note=note)

    def undo(
        self,
        written: Sequence[Written],
        *,
        by: UserActor,
        note: Callable[[int], str],
        suffix: Callable[[int], str],
    ) -> list[LeftAlone]:
        return undo_rows(written, by=by, note=note, suffix=suffix)

    def address(self, subject_id: int) -> str:
        return reverse("customers:card", args=[subject_id])
