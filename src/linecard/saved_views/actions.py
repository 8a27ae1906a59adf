"""Keeping views: making, changing, deleting, and choosing what a bare address opens."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext
from pydantic import ValidationError

from linecard.accounts.actor import UserActor
from linecard.accounts.models import User
from linecard.audit.trail import Changes, record
from linecard.kernel.errors import Forbidden, Invalid, NotFound, Stale
from linecard.kernel.names import name_key
from linecard.kernel.regional import shown_number
from linecard.saved_views.models import MAX_NAME, MAX_QUERY, DefaultView, SavedView
from linecard.saved_views.queries import get_view, may_change, may_manage, visible_views
from linecard.web.grid.places import Place, place_named
from linecard.web.grid.views import VIEW_PARAMETERS

SUBJECT = "view"
# of one user on one grid
MAX_VIEWS = 100

_DEFAULTS = ("default", "default_for_all")


@transaction.atomic
def create_view(*, grid: str, values: Mapping[str, Any], by: UserActor) -> SavedView:
    """Save what a grid shows: ``name``, ``query``, ``shared``, ``default``, ``default_for_all``.

    Raises ``Forbidden`` for a grid that the user may not see, and ``Invalid``.
    """
    try:
        place = place_named(grid)
    except NotFound as error:
        raise Invalid({"grid": error.detail}) from error
    _one_at_a_time()
    view = SavedView(grid=grid, owner=by.user)
    _clean(view, {"name": "", "query": "", **values}, place, by.user)
    if visible_views(by.user, grid).filter(owner=by.user).count() >= MAX_VIEWS:
        raise Invalid(
            {
                "name": gettext(
                    "You have {most} views here already. Delete one that you do not need."
                ).format(most=MAX_VIEWS)
            }
        )
    view.save()
    told: Changes = {name: (None, getattr(view, name)) for name in ("grid", "name", "query", "shared")}
    _record(view, "view.created", {**told, **_choose(view, values, by)}, by)
    return view


@transaction.atomic
def update_view(
    *, view_id: int, values: Mapping[str, Any], by: UserActor, expected_version: int | None = None
) -> SavedView:
    """Change a view; what is not given stays. Everybody may make a view that they see their own default.

    Raises ``NotFound``, ``Forbidden``, ``Stale`` and ``Invalid``.
    """
    view = _locked(view_id, by.user)
    if set(values) - set(_DEFAULTS):
        _require_change(view, by.user)
    if expected_version is not None and view.version != expected_version:
        raise Stale(gettext("Somebody changed this view in the meantime. Read it again."))
    before = {name: getattr(view, name) for name in ("name", "query", "shared")}
    _clean(view, values, place_named(view.grid), by.user)
    changes: Changes = {
        name: (old, getattr(view, name)) for name, old in before.items() if getattr(view, name) != old
    }
    if changes:
        view.version += 1
        view.save()
        if not view.shared:
            DefaultView.objects.filter(view=view).exclude(user=view.owner).delete()
    changes = {**changes, **_choose(view, values, by)}
    if changes:
        _record(view, "view.updated", changes, by)
    return view


@transaction.atomic
def delete_view(*, view_id: int, by: UserActor) -> None:
    """Delete a view; bare addresses that opened it show everything again. Raises ``NotFound`` and ``Forbidden``."""
    view = _locked(view_id, by.user)
    _require_change(view, by.user)
    told = {name: (getattr(view, name), None) for name in ("grid", "name", "query", "shared")}
    _record(view, "view.deleted", told, by)
    view.delete()


def _one_at_a_time() -> None:
    """What is there is looked at before it is written, or deleted: nobody else may write in between."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE saved_view IN SHARE ROW EXCLUSIVE MODE")


def _locked(view_id: int, user: User) -> SavedView:
    _one_at_a_time()
    get_view(user, view_id)
    return SavedView.objects.select_for_update(of=("self",)).select_related("owner").get(pk=view_id)


def _require_change(view: SavedView, user: User) -> None:
    if not may_change(user, view):
        raise Forbidden(
            gettext("This view is {owner}'s. Save one of your own from it.").format(owner=view.owner)
        )


def _record(view: SavedView, action: str, changes: Changes, by: UserActor) -> None:
    record(by=by, action=action, subject_type=SUBJECT, subject_id=view.pk, changes=changes)


def _clean(view: SavedView, values: Mapping[str, Any], place: Place, user: User) -> None:
    """Put the given values into the view. Raises ``Invalid``."""
    errors: dict[str, str] = {}
    if "name" in values:
        view.name = " ".join(values["name"].split())
        view.name_key = name_key(view.name)
    if "query" in values:
        try:
            view.query = _clean_query(values["query"], place, user)
        except ValueError as error:
            errors["query"] = str(error)
    goes_elsewhere = values.get("shared", view.shared) != view.shared
    if goes_elsewhere:
        view.shared = not view.shared
        view.reseller_id = user.reseller_id if view.shared else None
    if ("name" in values or goes_elsewhere) and (problem := _wrong_name(view)):
        errors["name" if "name" in values else "shared"] = problem
    if errors:
        raise Invalid(errors)


def _wrong_name(view: SavedView) -> str:
    if not view.name or len(view.name) > MAX_NAME or not view.name.isprintable():
        return gettext("Must have 1 to {most} characters that can be printed.").format(most=MAX_NAME)
    same = SavedView.objects.filter(_beside(view), grid=view.grid, name_key=view.name_key)
    if same.exclude(pk=view.pk).exists():
        return gettext("{owner} has a view named {name} already.").format(owner=view.owner, name=view.name)
    return ""


def _beside(view: SavedView) -> Q:
    """The views that the owner sees beside it: not those that were left behind on another side."""
    side = view.reseller_id if view.shared else view.owner.reseller_id
    beside = Q(owner=view.owner, shared=True, reseller=side)
    return beside | Q(owner=view.owner, shared=False) if side == view.owner.reseller_id else beside


def _clean_query(query: str, place: Place, user: User) -> str:
    """The parameters that make a view, in one order. Raises ``ValueError`` for those that show nothing."""
    if len(query) > MAX_QUERY:
        raise ValueError(gettext("At most {most} characters.").format(most=shown_number(MAX_QUERY)))
    given = dict(parse_qsl(query.removeprefix("?")))
    if unknown := sorted(set(given) - set(VIEW_PARAMETERS)):
        raise ValueError(
            gettext("{wrong!r} is not one of {names}.").format(
                wrong=unknown[0][:40], names=", ".join(VIEW_PARAMETERS)
            )
        )
    screen = place.screen(user)
    try:
        screen.grid.everything(place.rows(user), screen.query(given))
    except ValidationError as error:
        raise ValueError(
            gettext("Cannot be read: {errors}.").format(errors=error.errors()[0]["msg"])
        ) from error
    except Invalid as error:
        raise ValueError(" ".join(wrong.message for wrong in error.errors)) from error
    return urlencode({name: given[name] for name in VIEW_PARAMETERS if name in given}, safe=",:")


def _choose(view: SavedView, values: Mapping[str, Any], by: UserActor) -> Changes:
    """Make the view a default, or no longer one, as far as that is given; what changed. Raises ``Forbidden``."""
    whose: dict[str, dict[str, Any]] = {
        "default": {"user": by.user},
        "default_for_all": {"user": None, "reseller_id": by.user.reseller_id},
    }
    chosen: dict[str, tuple[bool, bool]] = {}
    for name, of_whom in whose.items():
        present = DefaultView.objects.filter(grid=view.grid, **of_whom)
        was = present.filter(view=view).exists()
        becomes = values.get(name, was)
        if becomes == was:
            continue
        if name == "default_for_all":
            _require_choice_for_all(view, by.user, becomes)
        elif becomes and not view.shared and view.owner_id != by.user.pk:
            raise Invalid(
                {"default": gettext("Only {owner} sees it when it is not shared.").format(owner=view.owner)}
            )
        present.delete()
        if becomes:
            DefaultView.objects.create(grid=view.grid, view=view, **of_whom)
        chosen[name] = (was, becomes)
    return chosen


def _require_choice_for_all(view: SavedView, user: User, becomes: bool) -> None:
    if not may_manage(user):
        raise Forbidden(gettext("Only who may change users chooses what everybody sees first."))
    if becomes and not view.shared:
        raise Invalid({"default_for_all": gettext("Share the view first: others do not see it.")})
