"""What the audit log says of users, groups, resellers and tokens."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext_noop

from linecard.accounts.models import ApiToken, Group, Reseller, User
from linecard.accounts.queries import search_users
from linecard.audit.subjects import Names, Subject, register


def register_subjects() -> None:
    """Called when the program starts."""
    people = {"reseller": "reseller", "user": "user"}
    register(
        Subject(
            type="user",
            label=gettext_noop("User"),
            names=lambda ids: _names(User, ids),
            page="user",
            find=lambda text: search_users(User.objects.all(), text).values("pk"),
            refers=people,
        )
    )
    register(
        Subject(
            type="group",
            label=gettext_noop("Group"),
            names=lambda ids: _names(Group, ids),
            page="group",
            find=lambda text: Group.objects.filter(name__icontains=text).values("pk"),
        )
    )
    register(
        Subject(
            type="reseller",
            label=gettext_noop("Reseller"),
            names=lambda ids: _names(Reseller, ids),
            page="reseller",
            find=lambda text: Reseller.objects.filter(name__icontains=text).values("pk"),
        )
    )
    register(Subject(type="token", label=gettext_noop("Token"), names=_token_names, refers=people))


def _names(model: type[Model], ids: Iterable[int]) -> Names:
    return {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)}


def _token_names(ids: Iterable[int]) -> Names:
    return {token.pk: str(token) for token in ApiToken.objects.filter(pk__in=ids).select_related("user")}
