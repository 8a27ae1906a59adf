"""What the API of people names by its id: only what the caller may know of."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

from linecard.accounts.models import Group, Reseller, User
from linecard.accounts.queries import managed_groups, managed_resellers, managed_users
from linecard.kernel.errors import Invalid, NotFound

M = TypeVar("M", bound=Model)


def get_user(caller: User, user_id: int) -> User:
    """A user that the caller manages, or the caller. Raises ``Forbidden`` and ``NotFound``."""
    if user_id == caller.pk:
        return caller
    return _one(managed_users(caller), user_id, "user")


def get_group(caller: User, group_id: int) -> Group:
    """A group. Raises ``Forbidden`` and ``NotFound``."""
    return _one(managed_groups(caller), group_id, "group")


def get_reseller(caller: User, reseller_id: int) -> Reseller:
    """A reseller. Raises ``Forbidden`` and ``NotFound``."""
    return _one(managed_resellers(caller), reseller_id, "reseller")


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
        raise Invalid({"groups": f"There is no group {missing[0]}."})
    return [found[pk] for pk in wanted]


def _one(rows: QuerySet[M], pk: int, what: str) -> M:
    found = rows.filter(pk=pk).first() if _fits(pk) else None
    if found is None:
        raise NotFound(f"There is no such {what}.")
    return found


def _fits(pk: int) -> bool:
    """Whether a bigint can hold it."""
    return 0 < pk < 2**63
