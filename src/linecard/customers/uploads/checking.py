"""Checks rows of a file as the form checks a card."""

from collections.abc import Mapping, Sequence
from typing import Any

from linecard.accounts.models import User
from linecard.accounts.scope import sees_everything
from linecard.customers.defaults import new_card_rules
from linecard.customers.fields import CARD_FIELDS, card_context
from linecard.customers.models import Customer
from linecard.customers.rules import taken_message
from linecard.customers.uploads.fields import CONTACT_PARTS, DECIMALS, REFERENCES, UPLOAD_FIELDS
from linecard.customers.uploads.lookups import Named, Present, key_of, may_see
from linecard.fields import Context
from linecard.importing.cleaning import Cleaner
from linecard.importing.plan import Plan
from linecard.importing.target import Checker, TypedRow, Verdict
from linecard.importing.words import Mode
from linecard.kernel.errors import FieldError

UNIQUE = ("name", "external_accounting_id")
REQUIRED = tuple(name for name, field in CARD_FIELDS.items() if field.required)
_FIRST = ("currency", "country", *UNIQUE)


class CustomerChecker(Checker):
    """Checks blocks of rows in the name of one user."""

    def __init__(self, user: User, plan: Plan) -> None:
        self._user = user
        self._plan = plan
        self._cleaner = Cleaner(UPLOAD_FIELDS)
        self._named = Named(user)
        self._rules = new_card_rules()
        self._begun = {
            name: CARD_FIELDS[name].clean(value)
            for name, value in self._rules.values.items()
            if value != CARD_FIELDS[name].default
        }

    def check(self, rows: Sequence[TypedRow]) -> list[Verdict]:
        drafts = [_Draft(row.texts, self._cleaner) for row in rows]
        present = Present(
            (key_of("name", draft.value("name")) for draft in drafts),
            (draft.value("external_accounting_id") for draft in drafts),
        )
        return [self._verdict(draft, present) for draft in drafts]

    def _verdict(self, draft: "_Draft", present: Present) -> Verdict:
        card = None
        if self._plan.mode == Mode.UPSERT:
            key = self._plan.key
            card = present.find(key, key_of(key, draft.value(key)))
            if not draft.value(key) and key not in draft.refused:
                draft.refuse(key, "This is required: it finds the customer.")
        if card is not None:
            self._check_change(draft, card)
        else:
            self._check_new(draft)
        draft.clean_rest(card)
        self._check_references(draft, card)
        self._check_taken(draft, card, present)
        return draft.verdict(card)

    def _check_change(self, draft: "_Draft", card: Customer) -> None:
        if not may_see(self._user, card):
            draft.refuse(self._plan.key, taken_message(self._plan.key, None))
        elif card.is_archived:
            draft.refuse(self._plan.key, f"{card.name} is archived. Restore it first, or leave this row out.")
        if draft.stored.pop("currency", card.currency) != card.currency:
            draft.refuse("currency", f"{card.name} is billed in {card.currency}, which can never change.")

    def _check_new(self, draft: "_Draft") -> None:
        for name in REQUIRED:
            if name not in draft.texts:
                draft.clean(name, "")
        if "currency" in draft.stored and (problem := self._rules.currency_problem(draft.stored["currency"])):
            draft.refuse("currency", problem)
        for name, value in self._begun.items():
            if name not in draft.texts:
                draft.stored[CARD_FIELDS[name].attribute] = value
        if not sees_everything(self._user) and "reseller" not in draft.texts:
            draft.stored["reseller_id"] = self._user.reseller_id

    def _check_references(self, draft: "_Draft", card: Customer | None) -> None:
        reseller_id = draft.stored.get("reseller_id", card.reseller_id if card else None)
        if "reseller" in draft.texts:
            reseller_id = self._named.reseller(draft.texts["reseller"])
            if reseller_id is None and draft.texts["reseller"].strip():
                draft.refuse("reseller", "There is no such reseller.")
            elif reseller_id is None and not sees_everything(self._user):
                draft.refuse("reseller", "The card must stay with your reseller.")
            draft.stored["reseller_id"] = reseller_id
        if "account_manager" in draft.texts:
            self._check_manager(draft, reseller_id)
        elif card is not None and "reseller_id" in draft.stored and card.account_manager_id is not None:
            kept = self._named.manager(str(card.account_manager_id))
            if kept is None or not kept.may_see(reseller_id):
                draft.refuse("reseller", "The card's account manager may not see cards of this reseller.")

    def _check_manager(self, draft: "_Draft", reseller_id: int | None) -> None:
        text = draft.texts["account_manager"]
        manager = self._named.manager(text) if text.strip() else None
        if self._named.is_ambiguous(text):
            draft.refuse("account_manager", "Several users have this name; write the user name.")
        elif text.strip() and (manager is None or not manager.may_see(reseller_id)):
            draft.refuse("account_manager", "There is no such active user who may see this card.")
        draft.stored["account_manager_id"] = manager.user_id if manager else None

    def _check_taken(self, draft: "_Draft", card: Customer | None, present: Present) -> None:
        for name in UNIQUE:
            other = present.find(name, key_of(name, draft.value(name)))
            if other is not None and (card is None or other.pk != card.pk):
                draft.refuse(name, taken_message(name, other if may_see(self._user, other) else None))


class _Draft:
    """A row on its way to a card: what could be cleaned so far, and what is refused."""

    def __init__(self, texts: Mapping[str, str], cleaner: Cleaner) -> None:
        self.texts = texts
        self.stored: dict[str, Any] = {}
        self.refused: dict[str, str] = {}
        self._cleaner = cleaner
        self._context = Context()
        for name in _FIRST:
            if name in texts:
                self.clean(name, texts[name])

    def clean(self, name: str, text: str) -> None:
        """Clean one field."""
        value, message = self._cleaner.clean(name, text, self._context)
        if message:
            self.refuse(name, message)
        else:
            self.stored[UPLOAD_FIELDS[name].attribute] = value

    def clean_rest(self, card: Customer | None) -> None:
        """Clean what depends on currency and country, which are known by now."""
        there = card_context(card) if card else Context()
        self._context = Context(
            currency=there.currency or self.stored.get("currency", ""),
            country=self.stored.get("country", there.country),
        )
        for name, text in self.texts.items():
            if name not in _FIRST and name not in REFERENCES:
                self.clean(name, text)

    def value(self, name: str) -> str:
        """The cleaned text of a unique field, empty when there is none."""
        return str(self.stored.get(name, ""))

    def refuse(self, name: str, message: str) -> None:
        """Note what is wrong with a field; the first thing stays."""
        self.refused.setdefault(name, message)

    def verdict(self, card: Customer | None) -> Verdict:
        """What has become of the row."""
        errors = [FieldError(name, message) for name, message in self.refused.items()]
        keys = {name: key for name in UNIQUE if (key := key_of(name, self.value(name)))}
        contact = self._contact(card)
        staged: dict[str, Any] = {"stored": self.stored}
        for name in DECIMALS & self.stored.keys():
            self.stored[name] = str(self.stored[name])  # JSON has no decimals of its own
        if contact:
            staged["contact"] = contact
        if card is not None:
            staged["id"] = card.pk
        return Verdict(errors=errors, keys=keys, staged=staged, makes=card is None)

    def _contact(self, card: Customer | None) -> dict[str, str]:
        """The contact's stored values; without a name of its own it gets the customer's."""
        parts = {part: self.stored.pop(f"contact_{part}", "") for part in CONTACT_PARTS}
        given = {part: value for part, value in parts.items() if value}
        name = self.stored.get("name") or (card.name if card else "")
        return {"name": name, **given} if given else {}
