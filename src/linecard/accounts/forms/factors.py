"""What people type about the second factor, and to choose their first password."""

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from linecard.accounts.forms.own import password_field

MAX_CODE_LENGTH = 40


def _code(label: str, help_text: str = "") -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(
        label=gettext_lazy(label),
        max_length=MAX_CODE_LENGTH,
        widget=widget,
        help_text=gettext_lazy(help_text),
    )


class CodeForm(forms.Form):
    """A code after the password: the app's, or a recovery code."""

    code = _code(
        gettext_noop("Code"), gettext_noop("Six digits from your app, or one of your recovery codes.")
    )

    def focus(self) -> None:
        """Put the cursor into the field when the page opens."""
        self.fields["code"].widget.attrs["autofocus"] = True


class ProofForm(forms.Form):
    """The present password, as proof of who asks."""

    password = password_field(gettext_noop("Present password"), "current-password")


class ConfirmForm(ProofForm):
    """The first code of an app, and the present password."""

    code = _code(
        gettext_noop("Code from the app"), gettext_noop("Six digits; another one every half minute.")
    )
    field_order = ("code", "password")


class ChoosePasswordForm(forms.Form):
    """A first password, typed twice."""

    new = password_field(
        gettext_noop("Password"),
        "new-password",
        gettext_noop("At least 10 characters, and not a common one."),
    )
    repeated = password_field(gettext_noop("The same again"), "new-password")

    def clean_repeated(self) -> str:
        """Both spellings must be the same."""
        repeated: str = self.cleaned_data["repeated"]
        if "new" in self.cleaned_data and repeated != self.cleaned_data["new"]:
            raise forms.ValidationError(gettext("The two passwords differ."))
        return repeated
