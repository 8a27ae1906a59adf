"""The fields of a user that people type."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from linecard.fields import Context, EmailField, Field, JSONValue, Refused, TextField
from linecard.fields.base import NOWHERE


@dataclass(frozen=True, kw_only=True)
class TimeZoneField(TextField):
    """A time zone of the IANA database, such as ``Europe/London``."""

    max_length: int = 64
    default: JSONValue = "UTC"

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if text not in available_timezones():
            raise Refused("Choose a time zone such as Europe/London.")
        ZoneInfo(text)
        return text


USER_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        TextField(name="username", label="User name", required=True, max_length=150, markup_refused=True),
        TextField(name="name", label="Name", max_length=200, markup_refused=True),
        EmailField(name="email", label="Email"),
        TimeZoneField(name="time_zone", label="Time zone"),
    )
}

RESELLER_FIELDS: Mapping[str, Field] = {
    "name": TextField(name="name", label="Name", required=True, max_length=200, markup_refused=True)
}
