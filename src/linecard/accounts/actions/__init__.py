"""Every change to users, resellers, and what people sign in with: one function each."""

from linecard.accounts.actions.groups import (
    create_group,
    delete_group,
    make_ready_made_groups,
    may_grant,
    ready_made_group,
    update_group,
)
from linecard.accounts.actions.invitations import accept_invitation, invite_user, invited_user
from linecard.accounts.actions.opening import require_may_open
from linecard.accounts.actions.rescuing import rescue_user
from linecard.accounts.actions.resellers import create_reseller, update_reseller
from linecard.accounts.actions.second_factor import (
    begin_second_factor,
    check_code,
    confirm_second_factor,
    drop_own_second_factor,
    drop_second_factor,
    renew_recovery_codes,
)
from linecard.accounts.actions.sessions import (
    end_session,
    forget_sessions,
    note_failed_sign_in,
    note_refused_sign_in,
    note_sign_in,
    note_sign_out,
    sign_out_everywhere,
)
from linecard.accounts.actions.tokens import authenticate_token, create_token, revoke_token
from linecard.accounts.actions.users import (
    change_own_password,
    create_user,
    set_password,
    update_own_profile,
    update_user,
)

__all__ = [
    "accept_invitation",
    "authenticate_token",
    "begin_second_factor",
    "change_own_password",
    "check_code",
    "confirm_second_factor",
    "create_group",
    "create_reseller",
    "create_token",
    "create_user",
    "delete_group",
    "drop_own_second_factor",
    "drop_second_factor",
    "end_session",
    "forget_sessions",
    "invite_user",
    "invited_user",
    "make_ready_made_groups",
    "may_grant",
    "note_failed_sign_in",
    "note_refused_sign_in",
    "note_sign_in",
    "note_sign_out",
    "ready_made_group",
    "renew_recovery_codes",
    "require_may_open",
    "rescue_user",
    "revoke_token",
    "set_password",
    "sign_out_everywhere",
    "update_group",
    "update_own_profile",
    "update_reseller",
    "update_user",
]
