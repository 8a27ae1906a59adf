"""What work on many cards would do, counted in SQL: as quick for a million cards as for ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.customers.bulk_work.fields import BULK_FIELDS, TAGS, Changes, TagsChange, check_changes
from linecard.customers.bulk_work.guards import all_guards, all_hanging
from linecard.customers.bulk_work.rules import ARCHIVED, EditRules
from linecard.customers.models import Customer
from linecard.customers.showing import Shower
from linecard.fields import Context, JSONValue, Refused

Cards = QuerySet[Customer]

# Of each field, so many of the most frequent values are told one by one.
MOST_VALUES = 6
# Values that cards of different currencies have in common are found among so many.
_GROUPS = 1_000


class Counted(TypedDict):
    """A sentence about so many cards."""

    message: str
    count: int


class Change(TypedDict):
    """So many cards have this value and get that one; the shown ones are for people."""

    old: JSONValue
    new: JSONValue
    old_shown: str
    new_shown: str
    count: int


class FieldChanges(TypedDict):
    """How many cards get another value in a field; ``more`` of them have rarer ones than those listed."""

    field: str
    label: str
    count: int
    changes: list[Change]
    more: int


@dataclass(slots=True)
class Preview:
    """Of ``total`` cards so many change, stay as they are, and are refused for these reasons."""

    total: int = 0
    changed: int = 0
    unchanged: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    fields: list[FieldChanges] = field(default_factory=list)
    hanging: list[Counted] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many are refused."""
        return self.total - self.changed - self.unchanged

    @property
    def refusals(self) -> list[Counted]:
        """The reasons, the most frequent first."""
        told = sorted(self.reasons.items(), key=lambda reason: -reason[1])
        return [{"message": reason, "count": count} for reason, count in told]

    def refuse(self, reason: str, count: int) -> None:
        """Count cards that are refused."""
        if count:
            self.reasons[reason] = self.reasons.get(reason, 0) + count

    def answer(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "total": self.total,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "reasons": self.refusals,
            "fields": self.fields,
            "hanging": self.hanging,
        }


def preview_edit(cards: Cards, *, changes: Changes, by: UserActor) -> Preview:
    """What ``begin_edit`` would do. Raises what it raises."""
    by.require("customers", "update")
    check_changes(changes, by.user)
    return _EditPreview(cards, changes, by.user).work_out()


def preview_delete(cards: Cards, *, archive: bool, by: UserActor) -> Preview:
    """What ``begin_delete`` would do, and what hangs on the cards. Raises what it raises."""
    by.require("customers", "delete")
    live = Q(archived_at=None)
    guards = [] if archive else all_guards()
    kept = Q()
    for guard in guards:
        kept |= guard.condition
    counted = cards.aggregate(
        total=Count("pk"),
        away=Count("pk", filter=~live),
        kept=Count("pk", filter=live & kept if guards else Q(pk__in=[])),
        **{f"guard_{guard.name}": Count("pk", filter=live & guard.condition) for guard in guards},
    )
    preview = Preview(total=counted["total"], unchanged=counted["away"])
    preview.changed = counted["total"] - counted["away"] - counted["kept"]
    for guard in guards:
        preview.refuse(guard.reason, counted[f"guard_{guard.name}"])
    going = cards.filter(live)
    for hanging in all_hanging():
        if count := hanging.count(going):
            preview.hanging.append(
                {"message": gettext(hanging.one if count == 1 else hanging.many), "count": count}
            )
    return preview


def preview_restore(cards: Cards, *, by: UserActor) -> Preview:
    """What ``begin_restore`` would do. Raises what it raises."""
    by.require("customers", "delete")
    counted = cards.aggregate(total=Count("pk"), live=Count("pk", filter=Q(archived_at=None)))
    total, live = counted["total"], counted["live"]
    return Preview(total=total, changed=total - live, unchanged=live)


class _EditPreview:
    """One preview of an edit."""

    def __init__(self, cards: Cards, changes: Changes, user: User) -> None:
        self._rules = EditRules(changes, user, remember=False)
        self._changes = changes
        self._user = user
        self._grouping = [name for name in self._rules.keys if name not in (TAGS, "portal_access")]
        self._differs = {name: self._difference(name, value) for name, value in changes.items()}
        self._cards = cards.order_by().annotate(
            is_away=ExpressionWrapper(Q(archived_at__isnull=False), output_field=BooleanField()),
            too_many=self._too_many(),
        )

    def work_out(self) -> Preview:
        """Count."""
        differs = Q()
        for one in self._differs.values():
            differs |= one
        groups = self._cards.values("is_away", "too_many", *self._grouping).annotate(
            cards=Count("pk"),
            changed=Count("pk", filter=differs),
            **{f"differs_{name}": Count("pk", filter=one) for name, one in self._differs.items()},
        )
        preview = Preview()
        numbers = dict.fromkeys(self._changes, 0)
        for group in groups:
            preview.total += group["cards"]
            refusal = self._refusal(group)
            if refusal:
                preview.refuse(refusal, group["cards"])
                continue
            preview.changed += group["changed"]
            preview.unchanged += group["cards"] - group["changed"]
            for name in numbers:
                numbers[name] += group[f"differs_{name}"]
        told = {name: self._values(name) for name, number in numbers.items() if number}
        shown = [(name, value) for name, values in told.items() for change in values for value in change[:2]]
        shower = Shower(shown, self._user)
        preview.fields = [_told(name, numbers[name], values, shower) for name, values in told.items()]
        return preview

    def _difference(self, name: str, value: JSONValue) -> Q:
        """The cards to which a change is one."""
        declared = BULK_FIELDS[name]
        if name == TAGS and self._rules.tags is not None:
            return _labels_differ(self._rules.tags)
        if name == "portal_access":
            return ~Q(portal_access__contains=value)
        stored = declared.clean(value, Context(currency="CLF"))
        if stored is None:
            return Q(**{f"{declared.attribute}__isnull": False})
        return ~Q(**{declared.attribute: stored})

    def _too_many(self) -> Any:
        tags = self._rules.tags
        if tags is None or tags.whole:
            return Value(False)
        most = BULK_FIELDS[TAGS].max_tags  # type: ignore[attr-defined]
        number: Any = F("tags__len")
        for tag in tags.add:
            number += Case(When(tags__contains=[tag], then=0), default=1)
        for tag in tags.remove:
            number -= Case(When(tags__contains=[tag], then=1), default=0)
        # hardly a card comes so close that its labels must be counted
        return Case(When(tags__len__gt=most - len(tags.add), then=GreaterThan(number, most)), default=False)

    def _refusal(self, group: Mapping[str, Any]) -> str:
        if group["is_away"]:
            return ARCHIVED
        if group["too_many"]:
            return _too_many_labels()
        card = {name: group.get(name) for name in self._rules.keys}
        return self._rules.cleaned({**card, TAGS: [], "portal_access": {}}).refusal

    def _values(self, name: str) -> list[tuple[JSONValue, JSONValue, str, int]]:
        """The most frequent changes of a field: old, new, the currency of amounts, and on how many cards."""
        declared = BULK_FIELDS[name]
        keys = dict.fromkeys((*self._grouping, "is_away", "too_many", declared.attribute))
        differing = self._cards.filter(self._differs[name]).values(*keys)
        found: dict[str, list[Any]] = {}
        for group in differing.annotate(cards=Count("pk")).order_by("-cards")[:_GROUPS]:
            if self._refusal(group):
                continue
            old = group[declared.attribute]
            context = Context(currency=group.get("currency", ""))
            card = {key: group.get(key) for key in self._rules.keys}
            card |= {
                TAGS: old if name == TAGS else [],
                "portal_access": old if name == "portal_access" else {},
            }
            new = self._rules.cleaned(card).spelled[name]
            currency = context.currency if declared.contextual else ""
            spelled = declared.to_json(old, context)
            known = found.setdefault(repr((spelled, new, currency)), [spelled, new, currency, 0])
            known[3] += group["cards"]
        return [(old, new, currency, count) for old, new, currency, count in found.values()]


def _told(
    name: str, number: int, values: Sequence[tuple[JSONValue, JSONValue, str, int]], shower: Shower
) -> FieldChanges:
    most = sorted(values, key=lambda value: -value[3])[:MOST_VALUES]
    changes: list[Change] = []
    for old, new, currency, count in most:
        context = Context(currency=currency)
        shown = shower.show(name, old, context), shower.show(name, new, context)
        changes.append({"old": old, "new": new, "old_shown": shown[0], "new_shown": shown[1], "count": count})
    more = number - sum(change["count"] for change in changes)
    label = gettext(BULK_FIELDS[name].label)
    return {"field": name, "label": label, "count": number, "changes": changes, "more": more}


def _labels_differ(tags: TagsChange) -> Q:
    add, remove = list(tags.add), list(tags.remove)
    if tags.whole:
        return ~Q(tags=add)
    differs = Q()
    if add:
        differs |= ~Q(tags__contains=add)
    if remove:
        differs |= Q(tags__overlap=remove)
    return differs


def _too_many_labels() -> str:
    declared = BULK_FIELDS[TAGS]
    try:
        declared.clean([str(number) for number in range(declared.max_tags + 1)])  # type: ignore[attr-defined]
    except Refused as refusal:
        return f"{gettext(declared.label)}: {refusal}"
    raise AssertionError("unreachable")
