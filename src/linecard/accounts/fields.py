"""The fields of a user that people type."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop
from pydantic import Field as SchemaField
from pydantic import StrictStr

from linecard.fields import (
    ChoiceField,
    Context,
    EmailField,
    Field,
    JSONValue,
    Refused,
    TextField,
    TimeZoneField,
)
from linecard.fields.base import NOWHERE

MAX_PASSWORD_LENGTH = 1024
LANGUAGES = dict(settings.LANGUAGES)
MAX_ADDRESSES = 50

_MAPPED_BITS = 96  # of an IPv6 address stand before the IPv4 address that it holds


@dataclass(frozen=True, kw_only=True)
class AddressesField(Field):
    """Networks and single addresses from which alone somebody may come; empty means from anywhere."""

    default: JSONValue = dataclass_field(default_factory=list)

    def from_text(self, text: str) -> JSONValue:
        return text.replace(",", " ").split()

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Refused(gettext("Must be a list of addresses."))
        if len(value) > MAX_ADDRESSES:
            raise Refused(gettext("At most {max_addresses} addresses.").format(max_addresses=MAX_ADDRESSES))
        return [str(_network(item)) for item in value]

    def to_text(self, value: JSONValue) -> str:
        return "\n".join(value or [])

    @property
    def json_type(self) -> Any:
        return Annotated[
            list[StrictStr], SchemaField(description=self.help or None, max_length=MAX_ADDRESSES)
        ]


def _network(text: str) -> IPv4Network | IPv6Network:
    wrong = gettext("{text!r} is no address or network, such as 192.0.2.0/24.").format(text=text[:60])
    if "%" in text:  # what follows is any text, and names a network card of one machine
        raise Refused(wrong)
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise Refused(wrong) from error
    # whoever comes is known by IPv4 where it is written inside IPv6
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is None or network.prefixlen < _MAPPED_BITS:
        return network
    return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))


USER_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        TextField(
            name="username",
            label=gettext_noop("User name"),
            required=True,
            max_length=150,
            markup_refused=True,
        ),
        TextField(name="name", label=gettext_noop("Name"), max_length=200, markup_refused=True),
        EmailField(name="email", label=gettext_noop("Email")),
        TimeZoneField(name="time_zone", label=gettext_noop("Time zone")),
        ChoiceField(name="language", label=gettext_noop("Language"), choices=LANGUAGES, default="en"),
        AddressesField(
            name="allowed_addresses",
            label=gettext_noop("Allowed addresses"),
            help=gettext_noop(
                "Networks from which alone the user may come, such as 192.0.2.0/24. Empty: from anywhere."
            ),
        ),
    )
}

GROUP_NAME = TextField(
    name="name", label=gettext_noop("Name"), required=True, max_length=100, markup_refused=True
)

RESELLER_FIELDS: Mapping[str, Field] = {
    "name": TextField(
        name="name", label=gettext_noop("Name"), required=True, max_length=200, markup_refused=True
    ),
    "reply_to": EmailField(
        name="reply_to",
        label=gettext_noop("Reply to"),
        help=gettext_noop("Where answers to the emails of its users go. Empty: as in Settings."),
    ),
}
