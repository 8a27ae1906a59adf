"""Somebody always stays who may manage users."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from linecard.accounts import actions
from linecard.accounts.actions.groups import ready_made_group
from linecard.accounts.actor import acting, command_actor
from linecard.accounts.models import Reseller, User
from linecard.kernel.errors import Conflict, LinecardError


def administrators() -> list[str]:
    found = User.objects.filter(is_administrator=True, is_active=True)
    return list(found.order_by("username").values_list("username", flat=True))


def test_the_last_one_is_not_deactivated_nor_demoted(admin: User, staff: User) -> None:
    by = acting(admin, via="form")
    with pytest.raises(Conflict, match="last active administrator"):
        actions.update_user(user_id=admin.pk, by=by, values={}, is_active=False)
    with pytest.raises(Conflict, match="last active administrator"):
        actions.update_user(user_id=admin.pk, by=by, values={}, groups=[ready_made_group("noc")])
    assert administrators() == ["admin"]


def test_the_last_one_joins_no_reseller(admin: User, north: Reseller) -> None:
    by = acting(admin, via="form")
    with pytest.raises(LinecardError):
        actions.update_user(user_id=admin.pk, by=by, values={}, reseller=north)
    with pytest.raises(Conflict):
        actions.update_user(
            user_id=admin.pk, by=by, values={}, reseller=north, groups=[ready_made_group("noc")]
        )
    assert administrators() == ["admin"]


def test_with_another_one_the_first_may_go(admin: User) -> None:
    actions.create_user(username="second", is_administrator=True, by=command_actor())
    actions.update_user(user_id=admin.pk, by=acting(admin, via="form"), values={}, is_active=False)
    assert administrators() == ["second"]


@pytest.mark.django_db(transaction=True)
def test_two_who_deactivate_each_other_at_once_leave_one(admin: User) -> None:
    second = actions.create_user(username="second", is_administrator=True, by=command_actor())
    together = Barrier(2, timeout=20)

    def deactivate(pair: tuple[User, User]) -> bool:
        by, other = pair
        together.wait()
        try:
            actions.update_user(user_id=other.pk, by=acting(by, via="form"), values={}, is_active=False)
        except Conflict:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(deactivate, [(admin, second), (second, admin)]))
    assert sorted(done) == [False, True]
    assert administrators() == (["admin"] if done[0] else ["second"])
