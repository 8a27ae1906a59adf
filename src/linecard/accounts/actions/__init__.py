"""Every change to users, resellers and tokens: one function each."""

from linecard.accounts.actions.groups import (
    create_group,
    delete_group,
    make_ready_made_groups,
    ready_made_group,
    update_group,
)
from linecard.accounts.actions.resellers import create_reseller, update_reseller
from linecard.accounts.actions.tokens import authenticate_token, create_token, revoke_token
from linecard.accounts.actions.users import (
    change_own_password,
    create_user,
    set_password,
    sign_out_everywhere,
    update_own_profile,
    update_user,
)

__all__ = [
    "authenticate_token",
    "change_own_password",
    "create_group",
    "create_reseller",
    "create_token",
    "create_user",
    "delete_group",
    "make_ready_made_groups",
    "ready_made_group",
    "revoke_token",
    "set_password",
    "sign_out_everywhere",
    "update_group",
    "update_own_profile",
    "update_reseller",
    "update_user",
]
