"""Sign-in and a user's own account."""

from django.urls import path

from linecard.accounts.views import invitation, own, second_factor, sign_in

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
]
