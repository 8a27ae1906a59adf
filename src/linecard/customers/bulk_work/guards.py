"""What keeps a card from being deleted, and what hangs on it: higher rooms add what is theirs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext, gettext_noop

from linecard.customers.models import ApprovedCli, Contact, Customer, PendingChange
from linecard.customers.words import ChangeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Cards that ``condition`` holds of stay, unless archiving them is asked for.

    ``one`` and ``many`` say it of a number of cards (``owes money``).
    """

    name: str
    condition: Q
    one: str
    many: str

    @property
    def reason(self) -> str:
        """The sentence for one card."""
        return gettext("It {reason}.").format(reason=gettext(self.one))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """Something that hangs on cards: ``count`` counts it on all of some cards."""

    one: str
    many: str
    count: Callable[[QuerySet[Customer]], int]


_guards: dict[str, Guard] = {}
_hanging: list[Hanging] = []


def register_guard(guard: Guard) -> None:
    """Keep cards from being deleted; called when the program starts."""
    _guards[guard.name] = guard


def register_hanging(hanging: Hanging) -> None:
    """Have something told before cards are deleted; called when the program starts."""
    _hanging.append(hanging)


def all_guards() -> list[Guard]:
    """Every guard."""
    return list(_guards.values())


def guard_columns() -> dict[str, Combinable]:
    """What a query must tell of cards for ``told_reasons``."""
    return {
        _column(guard): ExpressionWrapper(guard.condition, output_field=BooleanField())
        for guard in all_guards()
    }


def told_reasons(card: Mapping[str, Any]) -> str:
    """Why a card stays, in sentences, of its ``guard_columns``; empty for one that may go."""
    return " ".join(guard.reason for guard in all_guards() if card.get(_column(guard)))


def reasons_to_keep(customer: Customer) -> str:
    """Why a card stays now, in sentences; empty for one that may go."""
    return kept_cards([customer.pk]).get(customer.pk, "")


def kept_cards(ids: Iterable[int]) -> dict[int, str]:
    """Of some cards those that stay now, each with why in sentences."""
    columns = guard_columns()
    cards = Customer.objects.filter(pk__in=list(ids)).annotate(**columns).values("pk", *columns)
    return {card["pk"]: reasons for card in cards if (reasons := told_reasons(card))}


def _column(guard: Guard) -> str:
    return f"guard_{guard.name}"


def all_hanging() -> list[Hanging]:
    """Everything that may hang on cards."""
    return list(_hanging)


def register_own() -> None:
    """The guards of the card and its meter, and what this room hangs on cards."""
    for name, condition, one, many in (
        (
            gettext_noop("live_calls"),
            Q(meter__live_calls__gt=0),
            gettext_noop("has live calls"),
            gettext_noop("have live calls"),
        ),
        (
            gettext_noop("money_owed"),
            Q(meter__balance_micros__lt=0),
            gettext_noop("owes money"),
            gettext_noop("owe money"),
        ),
    ):
        register_guard(Guard(name=name, condition=condition, one=one, many=many))
    waiting = PendingChange.objects.filter(state__in=(ChangeState.WAITING, ChangeState.HELD))
    for one, many, rows in (
        ("contact", "contacts", Contact.objects.all()),
        (gettext_noop("approved CLI"), gettext_noop("approved CLIs"), ApprovedCli.objects.all()),
        (gettext_noop("pending change"), gettext_noop("pending changes"), waiting),
    ):
        register_hanging(Hanging(one=one, many=many, count=_counter(rows)))
    register_hanging(
        Hanging(
            one=gettext_noop("balance that is not used up"),
            many=gettext_noop("balances that are not used up"),
            count=lambda cards: cards.filter(meter__balance_micros__gt=0).count(),
        )
    )


def _counter(
    rows: "QuerySet[Contact] | QuerySet[ApprovedCli] | QuerySet[PendingChange]",
) -> Callable[[QuerySet[Customer]], int]:
    return lambda cards: rows.filter(customer__in=cards.values("pk")).count()
