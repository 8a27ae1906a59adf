"""The settings that are this room's own: the company, the outgoing email, the SMS service, and what all pages share."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from linecard.delivery.smtp import require_certificates
from linecard.fields import (
    ChoiceField,
    Context,
    CountryField,
    EmailField,
    IntegerField,
    JSONValue,
    PhoneField,
    Refused,
    TextField,
    TimeZoneField,
    WebsiteField,
)
from linecard.fields.base import NOWHERE
from linecard.setup.declarations import Section

MAX_PER_MINUTE = 60_000


@dataclass(frozen=True, kw_only=True)
class CertificatesField(TextField):
    """Certificates in PEM, one below the other."""

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if text.strip():
            try:
                require_certificates(text)
            except ValueError as error:
                raise Refused(
                    gettext("These are no certificates in PEM: {why}.").format(why=error)
                ) from error
        return text


@dataclass(frozen=True, kw_only=True)
class BaseUrlField(WebsiteField):
    """A web address that others are made from."""

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if "?" in text or "#" in text:
            raise Refused(gettext("Must have no ? and no # in it: other addresses begin with this one."))
        return text


SECURITY = {
    "none": gettext_noop("None"),
    "starttls": gettext_noop("STARTTLS"),
    "tls": gettext_noop("TLS"),
}


def _line(key: str, label: str, told: str = "", max_length: int = 200) -> TextField:
    return TextField(name=key, label=label, help=told, max_length=max_length)


def _secret(key: str, label: str) -> TextField:
    return TextField(name=key, label=label, max_length=500, trimmed=False)


COMPANY = Section(
    key="company",
    label=gettext_noop("Company"),
    order=10,
    help=gettext_noop("Who you are, as your customers read it in messages."),
    fields=(
        _line("company.name", gettext_noop("Name")),
        _line("company.street", gettext_noop("Street")),
        _line("company.city", gettext_noop("City")),
        _line("company.region", gettext_noop("Region")),
        _line("company.postcode", gettext_noop("Postcode"), max_length=20),
        CountryField(name="company.country", label=gettext_noop("Country")),
        _line("company.tax_id", gettext_noop("Tax number"), max_length=50),
        EmailField(name="company.email", label=gettext_noop("Email")),
        PhoneField(
            name="company.phone",
            label=gettext_noop("Phone"),
            help=gettext_noop("With + and the country code."),
        ),
        WebsiteField(name="company.website", label=gettext_noop("Website")),
    ),
)


EMAIL = Section(
    key="email",
    label=gettext_noop("Outgoing email"),
    order=20,
    help=gettext_noop("The mail server that takes your emails, and whom they come from."),
    secrets=frozenset({"email.password"}),
    confidants={"email.password": ("email.host", "email.port", "email.security")},
    fields=(
        _line(
            "email.host",
            gettext_noop("Mail server"),
            gettext_noop("Its name, such as mail.example.com."),
            253,
        ),
        IntegerField(
            name="email.port",
            label=gettext_noop("Port"),
            minimum=1,
            maximum=65535,
            default=587,
            help=gettext_noop("587 for STARTTLS, 465 for TLS, 25 for none."),
        ),
        ChoiceField(
            name="email.security", label=gettext_noop("Encryption"), choices=SECURITY, default="starttls"
        ),
        _line("email.username", gettext_noop("User"), gettext_noop("Empty: the server asks for none.")),
        _secret("email.password", gettext_noop("Password")),
        EmailField(
            name="email.from_address",
            label=gettext_noop("From address"),
            help=gettext_noop("Every email comes from it."),
        ),
        _line("email.from_name", gettext_noop("From name")),
        EmailField(
            name="email.reply_to",
            label=gettext_noop("Reply to"),
            help=gettext_noop("Where answers go. Empty: to the From address."),
        ),
        IntegerField(
            name="email.messages_per_minute",
            label=gettext_noop("Emails a minute"),
            minimum=1,
            maximum=MAX_PER_MINUTE,
            empty=gettext_noop("No limit"),
            help=gettext_noop("At most so many are handed over. Empty: as fast as the server takes them."),
        ),
        CertificatesField(
            name="email.trusted_certificates",
            label=gettext_noop("Trusted certificates"),
            multiline=True,
            max_length=100_000,
            trimmed=False,
            help=gettext_noop(
                "Certificates (PEM) that are trusted beside those of the system, for a mail server of your own."
            ),
        ),
    ),
)


SMS = Section(
    key="sms",
    label=gettext_noop("SMS"),
    order=30,
    help=gettext_noop("Your account at Twilio, which takes your SMS."),
    secrets=frozenset({"sms.auth_token"}),
    confidants={"sms.auth_token": ("sms.api_base_url",)},
    fields=(
        _line("sms.account_sid", gettext_noop("Account SID"), max_length=64),
        _secret("sms.auth_token", gettext_noop("Auth token")),
        PhoneField(
            name="sms.from_number",
            label=gettext_noop("SMS From"),
            help=gettext_noop("The number that SMS come from, with + and the country code."),
        ),
        _line(
            "sms.messaging_service_sid",
            gettext_noop("Messaging service"),
            gettext_noop("The SID of one that chooses the number itself, instead of the number above."),
            64,
        ),
        BaseUrlField(
            name="sms.api_base_url",
            label=gettext_noop("Base URL"),
            help=gettext_noop("Only for another server that speaks Twilio’s API. Empty: Twilio’s own."),
        ),
        IntegerField(
            name="sms.messages_per_minute",
            label=gettext_noop("SMS a minute"),
            minimum=1,
            maximum=MAX_PER_MINUTE,
            empty=gettext_noop("No limit"),
            help=gettext_noop("At most so many are handed over. Empty: as fast as they are taken."),
        ),
    ),
)

WEB = Section(
    key="web",
    label=gettext_noop("Address"),
    order=40,
    help=gettext_noop("Where others reach Linecard."),
    fields=(
        BaseUrlField(
            name="web.public_url",
            label=gettext_noop("Public address"),
            help=gettext_noop(
                "Where your people and the SMS service reach Linecard, such as https://linecard.example.com. Links in"
                " emails begin with it; without it no status of an SMS comes back."
            ),
        ),
    ),
)

NUMBERS = {
    "comma_point": gettext_noop("1,234.50"),
    "point_comma": gettext_noop("1.234,50"),
    "space_comma": gettext_noop("1 234,50"),
    "apostrophe_point": gettext_noop("1’234.50"),
}

REGIONAL = Section(
    key="regional",
    label=gettext_noop("Time and numbers"),
    order=45,
    help=gettext_noop("How all pages and messages show them."),
    fields=(
        TimeZoneField(
            name="regional.time_zone",
            label=gettext_noop("Time zone"),
            help=gettext_noop("Of new users, who may choose another, and of dates in messages."),
        ),
        ChoiceField(
            name="regional.numbers",
            label=gettext_noop("Numbers"),
            choices=NUMBERS,
            default="comma_point",
            help=gettext_noop("As they are shown. What is typed, files and the API always have 1234.50."),
        ),
    ),
)
OWN_SECTIONS = (COMPANY, EMAIL, SMS, WEB, REGIONAL)
