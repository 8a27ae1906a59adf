"""What people type to sign in and about their own account."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from linecard.accounts.fields import MAX_PASSWORD_LENGTH
from linecard.accounts.models import User
from linecard.web.forms.controls import zone_choices


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    """A field that never shows what was typed, and takes it as it is."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=gettext_lazy(label),
        widget=widget,
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        help_text=gettext_lazy(help_text),
    )


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    password = password_field(gettext_noop("Password"), "current-password")

    def focus(self, name: str) -> None:
        """Put the cursor into that field when the page opens."""
        self.fields[name].widget.attrs["autofocus"] = True


class ProfileForm(forms.Form):
    """One's own name, email and time zone."""

    name = forms.CharField(
        label=gettext_lazy("Name"), required=False, help_text=gettext_lazy("Shown to your colleagues.")
    )
    email = forms.CharField(label=gettext_lazy("Email"), required=False, widget=forms.EmailInput)

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, initial={"name": user.name, "email": user.email, "time_zone": user.time_zone})
        self.fields["time_zone"] = forms.ChoiceField(
            label=gettext("Time zone"),
            choices=zone_choices(user.time_zone),
            help_text=gettext("All times are shown in it."),
        )


class PasswordForm(forms.Form):
    """A new password, with the present one as proof of who asks."""

    current = password_field(gettext_noop("Present password"), "current-password")
    new = password_field(
        gettext_noop("New password"),
        "new-password",
        gettext_noop("At least 10 characters, and not a common one."),
    )
    repeated = password_field(gettext_noop("New password again"), "new-password")

    def clean_repeated(self) -> str:
        """Both spellings of the new password must be the same."""
        repeated: str = self.cleaned_data["repeated"]
        if "new" in self.cleaned_data and repeated != self.cleaned_data["new"]:
            raise forms.ValidationError(gettext("The two new passwords differ."))
        return repeated


class TokenForm(forms.Form):
    """A new API token."""

    read_only = forms.BooleanField(
        label=gettext_lazy("Read only"),
        required=False,
        help_text=gettext_lazy("It may look at everything you see, and change nothing."),
    )
    expires_days = forms.IntegerField(
        label=gettext_lazy("Ends after"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Empty: it lasts until it is revoked."),
    )
