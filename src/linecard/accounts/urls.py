"""Sign-in, a user's own account, and the people in Setup."""

from django.urls import path

from linecard.accounts.views import (
    audit_log,
    groups,
    invitation,
    live,
    own,
    resellers,
    second_factor,
    sign_in,
    user_access,
    users,
)

_USER = "users/<int:user_id>/"
_GROUP = "groups/<int:group_id>/"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign-in-code"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", own.account, name="account"),
    path("account/password/", own.change_password, name="account-password"),
    path("account/tokens/", own.make_token, name="account-tokens"),
    path("account/tokens/<int:pk>/revoke/", own.revoke_token, name="account-token-revoke"),
    path("account/sessions/<int:pk>/end/", own.end_session, name="account-session-end"),
    path("account/second-factor/", second_factor.second_factor, name="account-second-factor"),
    path("account/second-factor/begin/", second_factor.begin, name="account-second-factor-begin"),
    path("account/second-factor/confirm/", second_factor.confirm, name="account-second-factor-confirm"),
    path("account/second-factor/codes/", second_factor.renew_codes, name="account-recovery-codes"),
    path("account/second-factor/off/", second_factor.drop, name="account-second-factor-drop"),
    path("account/sign-out-everywhere/", own.sign_out_everywhere, name="sign-out-everywhere"),
    path("live/", live.stream, name="live"),
    path("users/", users.user_list, name="users"),
    path("users/query/", users.query_users, name="users-query"),
    path("users/new/", users.new_user, name="user-new"),
    path(_USER, users.user, name="user"),
    path(f"{_USER}deactivate/", users.deactivate_user, name="user-deactivate"),
    path(f"{_USER}activate/", users.activate_user, name="user-activate"),
    path(f"{_USER}invite/", user_access.invite, name="user-invite"),
    path(f"{_USER}password/", user_access.give_password, name="user-password"),
    path(f"{_USER}second-factor/off/", user_access.take_factor_off, name="user-factor-off"),
    path(f"{_USER}sign-out/", user_access.sign_out, name="user-sign-out"),
    path(f"{_USER}sessions/<int:session_id>/end/", user_access.end_session, name="user-session-end"),
    path(f"{_USER}tokens/", user_access.make_token, name="user-tokens"),
    path(f"{_USER}tokens/<int:token_id>/revoke/", user_access.revoke_token, name="user-token-revoke"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/query/", groups.query_groups, name="groups-query"),
    path("groups/new/", groups.new_group, name="group-new"),
    path(_GROUP, groups.group, name="group"),
    path(f"{_GROUP}delete/", groups.delete_group, name="group-delete"),
    path("resellers/", resellers.reseller_list, name="resellers"),
    path("resellers/query/", resellers.query_resellers, name="resellers-query"),
    path("resellers/new/", resellers.new_reseller, name="reseller-new"),
    path("resellers/<int:reseller_id>/", resellers.reseller, name="reseller"),
    path("audit-log/", audit_log.audit_log, name="audit-log"),
    path("audit-log/query/", audit_log.query_audit_log, name="audit-query"),
    path("audit-log/export/", audit_log.export_audit_log, name="audit-export"),
    path("audit-log/<int:entry_id>/", audit_log.audit_entry, name="audit-entry"),
]
