"""The grids of Setup: users, groups, resellers."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from linecard.accounts import figures
from linecard.accounts.fields import LANGUAGES
from linecard.accounts.figures import Figure
from linecard.accounts.models import Group, SecondFactor, User
from linecard.accounts.queries import search_users
from linecard.kernel.names import name_key
from linecard.web.grid import Choice, Column, Grid, Preset, Screen, SortTerm, equals, presets_of

Rows = QuerySet[Any, Any]


def users_screen(reader: User) -> Screen:
    """The list of users, with what its reader may be told of each."""
    return Screen(
        grid=_users(figures.told_to(reader, figures.of_users)),
        one=gettext_noop("user"),
        many=gettext_noop("users"),
        presets=presets_of("status", _STATUSES),
        selects=False,
    )


def groups_screen() -> Screen:
    """The list of groups."""
    return Screen(
        grid=_groups(),
        one=gettext_noop("group"),
        many=gettext_noop("groups"),
        presets=(
            Preset(value="all", label=gettext_noop("All"), filter={}),
            Preset(value="ready-made", label=gettext_noop("Ready-made"), filter=equals("kind", "ready_made")),
            Preset(value="own", label=gettext_noop("Your own"), filter=equals("kind", "own")),
        ),
        selects=False,
    )


def resellers_screen(reader: User) -> Screen:
    """The list of resellers, with what its reader may be told of each."""
    return Screen(
        grid=_resellers(figures.told_to(reader, figures.of_resellers)),
        one=gettext_noop("reseller"),
        many=gettext_noop("resellers"),
        presets=(Preset(value="all", label=gettext_noop("All"), filter={}),),
        selects=False,
    )


# The grids are put together when they are first needed: by then the rooms have told what they count.
@cache
def _users(told: tuple[Figure, ...]) -> Grid:
    return Grid(
        "users",
        (*_USER_COLUMNS, *_counted(told), *_USER_COLUMNS_ON_REQUEST),
        search=search_users,
        default_sort=[SortTerm(column="username")],
        annotations={**_USER_ANNOTATIONS, **_numbers(told)},
    )


@cache
def _groups() -> Grid:
    return Grid(
        "groups",
        (
            _name_column("name", gettext_noop("Name"), "name_key"),
            Column(
                name="kind",
                label=gettext_noop("Kind"),
                kind="choice",
                choices=(
                    Choice("ready_made", gettext_noop("Ready-made")),
                    Choice("own", gettext_noop("Your own")),
                ),
                source="made_as",
                priority=2,
            ),
            Column(
                name="members",
                label=gettext_noop("Members"),
                kind="integer",
                source="member_count",
                width=110,
                priority=1,
            ),
            Column(name="created_at", label=gettext_noop("Made"), kind="datetime", width=118, priority=3),
        ),
        search=_search_names,
        default_sort=[SortTerm(column="name")],
        annotations={
            "made_as": Case(When(ready_made="", then=Value("own")), default=Value("ready_made")),
            "member_count": _number_of(
                User.groups.through.objects.filter(group_id=OuterRef("pk")), "group_id"
            ),
        },
    )


@cache
def _resellers(told: tuple[Figure, ...]) -> Grid:
    return Grid(
        "resellers",
        (
            _name_column("name", gettext_noop("Name"), "name_key"),
            Column(
                name="members",
                label=gettext_noop("Users"),
                kind="integer",
                source="member_count",
                width=110,
                priority=1,
            ),
            *_counted(told),
            Column(name="created_at", label=gettext_noop("Made"), kind="datetime", width=118, priority=3),
        ),
        search=_search_names,
        default_sort=[SortTerm(column="name")],
        annotations={
            "member_count": _number_of(User.objects.filter(reseller_id=OuterRef("pk")), "reseller_id"),
            **_numbers(told),
        },
    )


def _name_column(name: str, label: str, key: str) -> Column:
    return Column(
        name=name,
        label=label,
        kind="text",
        sort=(key,),
        folded=key,
        fold=name_key,
        width=200,
        priority=1,
        opens_row=True,
    )


_STATUSES = (
    Choice("active", gettext_noop("Active"), "good"),
    Choice("inactive", gettext_noop("Deactivated"), "bad"),
)

_USER_COLUMNS = (
    _name_column("username", gettext_noop("User name"), "username_key"),
    Column(name="name", label=gettext_noop("Name"), kind="text", width=170, priority=2),
    Column(
        name="status",
        label=gettext_noop("Status"),
        kind="choice",
        choices=_STATUSES,
        source="state",
        width=130,
        priority=1,
    ),
    Column(
        name="groups",
        label=gettext_noop("Groups"),
        kind="tags",
        source="group_names",
        width=170,
        priority=2,
        grows=True,
    ),
    Column(
        name="reseller",
        label=gettext_noop("Reseller"),
        kind="reference",
        source="reseller_id",
        shown="reseller__name",
        sort=("reseller__name_key",),
        width=130,
        priority=2,
    ),
    Column(name="email", label=gettext_noop("Email"), kind="text", width=190, priority=3),
    Column(
        name="second_factor",
        label=gettext_noop("Second factor"),
        kind="boolean",
        source="has_second_factor",
        width=130,
        priority=3,
    ),
    Column(
        name="last_login",
        label=gettext_noop("Last sign-in"),
        kind="datetime",
        width=118,
        priority=3,
        empty=gettext_noop("Never"),
    ),
)

_USER_COLUMNS_ON_REQUEST = (
    Column(name="time_zone", label=gettext_noop("Time zone"), kind="text", shown_first=False),
    Column(
        name="language",
        label=gettext_noop("Language"),
        kind="choice",
        choices=tuple(Choice(code, label) for code, label in LANGUAGES.items()),
        shown_first=False,
    ),
    Column(
        name="allowed_addresses",
        label=gettext_noop("Allowed addresses"),
        kind="tags",
        empty=gettext_noop("From anywhere"),
        shown_first=False,
    ),
    Column(name="created_at", label=gettext_noop("Made"), kind="datetime", shown_first=False),
)

_USER_ANNOTATIONS: dict[str, Combinable] = {
    "state": Case(When(is_active=True, then=Value("active")), default=Value("inactive")),
    "group_names": ArraySubquery(
        Group.objects.filter(members=OuterRef("pk")).order_by("name_key").values("name")
    ),
    "has_second_factor": Exists(
        SecondFactor.objects.filter(user_id=OuterRef("pk"), confirmed_at__isnull=False)
    ),
}


def _counted(given: Iterable[Figure]) -> list[Column]:
    return [
        Column(
            name=figure.name, label=figure.label, kind="integer", source=_path(figure), width=118, priority=2
        )
        for figure in given
    ]


def _numbers(given: Iterable[Figure]) -> dict[str, Combinable]:
    return {_path(figure): figure.number for figure in given}


def _path(figure: Figure) -> str:
    return f"number_of_{figure.name}"


def _number_of(rows: Rows, by: str) -> Combinable:
    """How many of the rows belong to the outer one; zero has a number, too."""
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _search_names(rows: Rows, text: str) -> Rows:
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return rows
