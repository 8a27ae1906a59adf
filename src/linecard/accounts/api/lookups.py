"""What the API of people names by its id: only what the caller may know of."""

from collections.abc import Iterable

from django.utils.translation import gettext

from linecard.accounts.models import Group, Reseller, User
from linecard.accounts.queries import managed_groups, managed_resellers, managed_users
from linecard.kernel.errors import Invalid, NotFound
from linecard.web.database import the_one


def get_user(caller: User, user_id: int) -> User:
    """A user that the caller manages, or the caller. Raises ``Forbidden`` and ``NotFound``."""
    if user_id == caller.pk:
        return caller
    return the_one(managed_users(caller).filter(pk=user_id), "user")


def get_group(caller: User, group_id: int) -> Group:
    """A group. Raises ``Forbidden`` and ``NotFound``."""
    return the_one(managed_groups(caller).filter(pk=group_id), "group")


def get_reseller(caller: User, reseller_id: int) -> Reseller:
    """A reseller. Raises ``Forbidden`` and ``NotFound``."""
    return the_one(managed_resellers(caller).filter(pk=reseller_id), "reseller")


def named_reseller(caller: User, reseller_id: int | None) -> Reseller | None:
    """The reseller that a body names. Raises ``Invalid``."""
    if reseller_id is None:
        return None
    try:
        return get_reseller(caller, reseller_id)
    except NotFound as error:
        raise Invalid({"reseller": error.detail}) from error


def named_groups(caller: User, ids: Iterable[int]) -> list[Group]:
    """The groups that a body names. Raises ``Invalid``."""
    wanted = list(dict.fromkeys(ids))
    found = managed_groups(caller).in_bulk([pk for pk in wanted if _fits(pk)])
    if missing := [pk for pk in wanted if pk not in found]:
        raise Invalid({"groups": gettext("There is no group {missing}.").format(missing=missing[0])})
    return [found[pk] for pk in wanted]


def _fits(pk: int) -> bool:
    """Whether a bigint can hold it."""
    return 0 < pk < 2**63
