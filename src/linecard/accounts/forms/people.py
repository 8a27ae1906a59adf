"""What people type about users, groups and resellers in Setup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from linecard.accounts.fields import LANGUAGES, RESELLER_FIELDS, USER_FIELDS
from linecard.accounts.forms.own import TokenForm, password_field
from linecard.accounts.models import ApiToken, Group, Reseller, User
from linecard.accounts.permissions import VERBS, Area, Verb, all_areas
from linecard.fields import JSONValue
from linecard.kernel.regional import regional
from linecard.web.forms.controls import zone_choices

INVITE, PASSWORD = "invite", "password"
STAFF = gettext_noop("None: the operator’s own staff")


class UserForm(forms.Form):
    """A user. ``groups`` and ``resellers`` are those that may be given; None for resellers is no choice of one."""

    username = forms.CharField(
        label=gettext_lazy("User name"), widget=forms.TextInput(attrs={"autocapitalize": "none"})
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        help_text=gettext_lazy("Shown to colleagues, in the history and on cards."),
    )
    email = forms.CharField(label=gettext_lazy("Email"), required=False, widget=forms.EmailInput)
    reseller = forms.ChoiceField(
        label=gettext_lazy("Reseller"),
        required=False,
        help_text=gettext_lazy("Users of a reseller see and touch only its customers."),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A user may do what any of their groups permits."),
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(LANGUAGES.items()))
    allowed_addresses = forms.CharField(
        label=gettext_lazy(USER_FIELDS["allowed_addresses"].label),
        required=False,
        help_text=format_lazy(
            "{} {}", gettext_lazy(USER_FIELDS["allowed_addresses"].help), gettext_lazy("One on each line.")
        ),
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User | None = None,
        reseller: Reseller | None = None,
        groups: Iterable[Group],
        resellers: Sequence[Reseller] | None,
    ) -> None:
        self._groups = {str(group.pk): group for group in groups}
        super().__init__(data, initial=_shown(user) if user else self._usual(reseller))
        self._resellers = {str(found.pk): found for found in resellers or ()}
        zone = user.time_zone if user else regional().time_zone
        self._choose("time_zone", zone_choices(zone))
        self._choose("groups", [(key, group.name) for key, group in self._groups.items()])
        if resellers is not None:
            named = [(key, found.name) for key, found in self._resellers.items()]
            self._choose("reseller", [("", gettext(STAFF)), *named])
        else:
            del self.fields["reseller"]

    def _usual(self, reseller: Reseller | None) -> dict[str, Any]:
        """What a new user of that reseller mostly is."""
        usual: dict[str, Any] = {"time_zone": regional().time_zone}
        if reseller is not None:
            usual["reseller"] = reseller.pk
            usual["groups"] = [key for key, group in self._groups.items() if group.ready_made == "reseller"]
        return usual

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def values(self) -> dict[str, JSONValue]:
        """The user's own fields, in the API's spelling."""
        given: dict[str, JSONValue] = {name: self.cleaned_data[name] for name in USER_FIELDS}
        given["allowed_addresses"] = USER_FIELDS["allowed_addresses"].from_text(given["allowed_addresses"])
        return given

    def chosen_groups(self) -> list[Group]:
        """The groups that were ticked."""
        return [self._groups[key] for key in self.cleaned_data["groups"]]

    def chosen_reseller(self) -> Reseller | None:
        """The reseller that was chosen; None is none."""
        return self._resellers.get(self.cleaned_data.get("reseller", ""))


class NewUserForm(UserForm):
    """A new user, and how they come in."""

    entry = forms.ChoiceField(
        label=gettext_lazy("How they sign in first"),
        choices=[
            (INVITE, gettext_lazy("With an invitation")),
            (PASSWORD, gettext_lazy("With a password that you choose")),
        ],
        initial=INVITE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("An invitation is a link with which they choose a password themselves."),
    )
    password = password_field(
        gettext_noop("Password"),
        "new-password",
        gettext_noop("Only if you choose it. At least 10 characters."),
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["password"].required = False
        self.fields["groups"].required = True  # nobody is made who then finds an empty program

    def clean(self) -> dict[str, Any]:
        """A password that somebody chooses must be there, and none is typed in vain."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("entry") == PASSWORD and not given.get("password"):
            self.add_error("password", gettext("Type the password, or choose the invitation."))
        if given.get("entry") == INVITE and given.get("password"):
            self.add_error(
                "entry",
                gettext("You typed a password. Choose that and type it again, or leave its field empty."),
            )
        return given

    def password_given(self) -> str | None:
        """The password; None where they are invited."""
        return str(self.cleaned_data["password"]) if self.cleaned_data["entry"] == PASSWORD else None


class NewPasswordForm(forms.Form):
    """A new password for somebody else."""

    new_password = password_field(
        gettext_noop("New password"),
        "new-password",
        gettext_noop("At least 10 characters, and not a common one."),
    )


class TokenOfUserForm(TokenForm):
    """A new token that somebody else will use."""

    kind = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[(kind, gettext_lazy(label)) for kind, label in ApiToken.Kind.choices],
        initial=ApiToken.Kind.API,
        widget=forms.RadioSelect,
    )
    read_only = forms.BooleanField(
        label=gettext_lazy("Read only"),
        required=False,
        help_text=gettext_lazy("It may look at everything they see, and change nothing."),
    )
    field_order = ("kind", "expires_days", "read_only")


class ResellerForm(forms.Form):
    """A reseller."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    reply_to = forms.CharField(
        label=gettext_lazy(RESELLER_FIELDS["reply_to"].label),
        help_text=gettext_lazy(RESELLER_FIELDS["reply_to"].help),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )


class GroupForm(forms.Form):
    """A group's name, and a box for each verb in each area."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)

    def __init__(self, data: QueryDict | None = None, *, group: Group | None = None) -> None:
        super().__init__(data, initial={"name": group.name if group else ""})
        self._everything = bool(group and group.everything)
        given = group.permissions if group else {}
        self._ticked = (
            set(data.getlist("permission"))
            if data is not None
            else {f"{area}.{verb}" for area, verbs in given.items() for verb in verbs}
        )

    def permissions(self) -> dict[str, list[str]]:
        """What was ticked: area → verbs. Which of them there are is the action's to know."""
        found: dict[str, list[str]] = {}
        for ticked in sorted(self._ticked):
            area, _, verb = ticked.partition(".")
            found.setdefault(area, []).append(verb)
        return found

    def matrix(self) -> list["AreaRow"]:
        """A row for each area, a box for each verb."""
        return [AreaRow(area, [self._box(area, verb) for verb in VERBS]) for area in all_areas()]

    def _box(self, area: Area, verb: Verb) -> "Box":
        value = f"{area.name}.{verb}"
        return Box(verb, value, verb in area.verbs, self._everything or value in self._ticked)


@dataclass(frozen=True, slots=True)
class Box:
    """One verb in one area; ``exists`` is whether it means something there."""

    verb: Verb
    value: str
    exists: bool
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The boxes of one area."""

    area: Area
    boxes: list[Box]


def _shown(user: User) -> dict[str, Any]:
    values = {name: field.to_text(getattr(user, name)) for name, field in USER_FIELDS.items()}
    groups = [str(group.pk) for group in user.groups.all()]
    return {**values, "reseller": user.reseller_id or "", "groups": groups}
