"""Sign-in and a user's own account."""

from django.urls import path

from linecard.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.change_password, name="account-password"),
    path("account/tokens/", views.make_token, name="account-tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_token, name="account-token-revoke"),
    path("account/sign-out-everywhere/", views.sign_out_everywhere, name="sign-out-everywhere"),
]
