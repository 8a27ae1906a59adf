"""What a user may see. Every read of a customer goes through here, and every write checks the same."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext

from linecard.accounts.models import Reseller, User
from linecard.kernel.errors import Forbidden

M = TypeVar("M", bound=Model)


def sees_everything(user: User) -> bool:
    """Operator staff see all resellers' records; a reseller's members see only its own."""
    return user.reseller_id is None


def require_staff(user: User) -> None:
    """Raise ``Forbidden`` for a reseller's user, whatever their groups permit."""
    if not sees_everything(user):
        raise Forbidden(gettext("Only the operator's own staff may do this."))


def visible_resellers(user: User) -> QuerySet[Reseller]:
    """The resellers whose existence the user may know of."""
    resellers = Reseller.objects.order_by("name_key")
    return resellers if user.reseller_id is None else resellers.filter(pk=user.reseller_id)


def visible_users(user: User) -> QuerySet[User]:
    """The users that the user may know of and name as account manager."""
    users = User.objects.order_by("username_key")
    return users if user.reseller_id is None else users.filter(reseller_id=user.reseller_id)


def in_scope(rows: QuerySet[M], user: User, reseller_field: str = "reseller_id") -> QuerySet[M]:
    """Those rows whose reseller the user may see."""
    return rows if sees_everything(user) else rows.filter(Q(**{reseller_field: user.reseller_id}))
