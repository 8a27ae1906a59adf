"""When something shall happen: after a while, or at an exact time of the user's own clock."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from linecard.kernel.clock import now
from linecard.kernel.errors import Invalid

EXACT = "exact"
DELAYS = {
    "15m": (gettext_noop("15 min"), timedelta(minutes=15)),
    "1h": (gettext_noop("1 h"), timedelta(hours=1)),
    "4h": (gettext_noop("4 h"), timedelta(hours=4)),
    "1d": (gettext_noop("1 day"), timedelta(days=1)),
}
USUAL = "1h"


def parse_local(text: str, zone: tzinfo) -> datetime:
    """The moment of a wall-clock time (``2026-03-29T14:05``) in a zone. Raises ``ValueError`` with a sentence.

    Where clocks change, a wall-clock time may never come, or come twice: both are refused, not guessed.
    """
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(gettext("Write the date and the time, for example 2026-11-30 14:05.")) from error
    if naive.tzinfo is not None:
        raise ValueError(gettext("Write the time without a zone; it is taken in your own."))
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    try:
        moments = first.astimezone(UTC), second.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(gettext("This date is too far away.")) from error
    if moments[0] == moments[1]:
        return moments[0]
    wall, day = f"{naive:%H:%M}", f"{naive:%-d %B %Y}"
    if moments[0].astimezone(zone).replace(tzinfo=None) != naive:
        raise ValueError(
            gettext(
                "Clocks in {zone} go forward on {day}: {wall} does not exist. Choose another time."
            ).format(zone=zone, day=day, wall=wall)
        )
    raise ValueError(
        gettext("Clocks in {zone} go back on {day}: {wall} comes twice. Choose another time.").format(
            zone=zone, day=day, wall=wall
        )
    )


def _not_past(moment: datetime) -> datetime:
    """The moment itself; one in the present minute means now. Raises ``ValueError`` with a sentence."""
    if moment < now().replace(second=0, microsecond=0):
        raise ValueError(gettext("This time is in the past."))
    return moment


class MomentForm(forms.Form):
    """A delay, or an exact time. ``prefix`` tells several of them in one page apart."""

    after = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            *((key, gettext_lazy(label)) for key, (label, _) in DELAYS.items()),
            (EXACT, gettext_lazy("Exact time")),
        ],
        widget=forms.RadioSelect,
        initial=USUAL,
        required=False,
    )
    at = forms.CharField(
        label=gettext_lazy("Date and time"),
        required=False,
        widget=forms.TextInput(attrs={"type": "datetime-local", "data-no-draft": ""}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, prefix: str, legend: str = gettext_noop("When")
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["after"].label = gettext(legend)
        self.fields["at"].help_text = gettext("In your time zone, {zone}.").format(
            zone=timezone.get_current_timezone_name()
        )

    @property
    def is_open(self) -> bool:
        """Whether an exact time is wanted but not written yet."""
        return self.is_valid() and self.cleaned_data["after"] == EXACT and not self.cleaned_data["at"]

    def moment(self) -> datetime:
        """The moment that was chosen, in UTC. Raises ``Invalid``; the error is also at the field."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        after = given.get("after") or (EXACT if given.get("at") else USUAL)
        if after in DELAYS and "after" in given:
            return now() + DELAYS[after][1]
        try:
            return _not_past(parse_local(given.get("at", ""), timezone.get_current_timezone()))
        except ValueError as problem:
            self.refuse(str(problem))
            raise Invalid({"run_at": str(problem)}) from problem

    def refuse(self, message: str) -> None:
        """Show an error at the exact time."""
        if not self.has_error("at"):
            self.add_error("at", message)
