"""The pages of the setup room."""

from django.urls import path

from linecard.setup import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/test-email/", views.test_email, name="settings-test-email"),
    path("settings/test-sms/", views.test_sms, name="settings-test-sms"),
    path("password/forgotten/", views.password_forgotten, name="password-forgotten"),
    path("password/reset/", views.password_reset, name="password-reset"),
]
