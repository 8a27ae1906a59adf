"""Sign-in and a user's own account."""

from django.urls import path

from linecard.accounts.views import own, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", own.account, name="account"),
    path("account/password/", own.change_password, name="account-password"),
    path("account/tokens/", own.make_token, name="account-tokens"),
    path("account/tokens/<int:pk>/revoke/", own.revoke_token, name="account-token-revoke"),
    path("account/sign-out-everywhere/", own.sign_out_everywhere, name="sign-out-everywhere"),
]
