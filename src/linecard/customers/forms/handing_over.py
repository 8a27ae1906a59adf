"""The form that gives the cards of one account manager to another."""

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from linecard.accounts.models import User


class HandOverForm(forms.Form):
    """Who is in charge from now on; ``others`` are those who may be."""

    def __init__(self, data: QueryDict | None, *, others: QuerySet[User]) -> None:
        super().__init__(data)
        known = [(str(user.pk), str(user)) for user in others]
        self.fields["to"] = forms.ChoiceField(
            label=gettext("To"), choices=[("", gettext("Choose…")), ("none", gettext("Nobody")), *known]
        )

    @property
    def to_id(self) -> int | None:
        """The id of the one who was chosen; None for nobody."""
        chosen: str = self.cleaned_data["to"]
        return None if chosen == "none" else int(chosen)
