"""Ways to reach somebody: email, website, phone number."""

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext
from pydantic import Field as SchemaField
from pydantic import StrictStr

from linecard.fields.base import NOWHERE, Context, JSONValue, Refused
from linecard.fields.text import TextField

_validate_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class EmailField(TextField):
    """One email address; empty when not known. It may have letters of any script."""

    max_length: int = 254

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if text:
            try:
                if "=?" in text:  # readers of mail would decode it (RFC 2047), to whatever it hides
                    raise ValidationError(text)
                validate_email(_in_ascii(text))
            except ValidationError as error:
                raise Refused(gettext("Not an email address, such as anna@example.com.")) from error
        return text


def _in_ascii(address: str) -> str:
    """The address with a plain letter for each letter of another script before the @ (RFC 6531)."""
    local, at, domain = address.rpartition("@")
    return "".join(sign if sign.isascii() or not _is_letter(sign) else "a" for sign in local) + at + domain


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"  # marks and numbers, too


@dataclass(frozen=True, kw_only=True)
class WebsiteField(TextField):
    """A web address; ``https://`` is put before one typed without a scheme."""

    max_length: int = 300

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if not text:
            return text
        if "://" not in text:
            text = f"https://{text}"
        try:
            _validate_url(text)
            if "@" in text and urlsplit(text).username is not None:
                raise Refused(gettext("Must not contain a user name or password."))
        except (ValidationError, ValueError) as error:
            if isinstance(error, Refused):
                raise
            raise Refused(gettext("Not a web address, such as https://example.com.")) from error
        return text


@dataclass(frozen=True, kw_only=True)
class PhoneField(TextField):
    """A phone number, stored in E.164. A national number is read as one of the card's country.

    ``plus=False`` stores the digits alone, as caller ids are (``442079460000``), and reads bare digits as
    international.
    """

    max_length: int = 40
    plus: bool = True
    contextual: ClassVar[bool] = True

    def clean(self, value: JSONValue, context: Context = NOWHERE) -> str:
        text = super().clean(value, context)
        if not text:
            return text
        number = self._parse(text, context.country)
        if not phonenumbers.is_possible_number(number) or number.extension:
            raise Refused(gettext("{text!r} is not a possible phone number.").format(text=text))
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return e164 if self.plus else e164.removeprefix("+")

    def _parse(self, text: str, country: str) -> phonenumbers.PhoneNumber:
        if not self.plus and text.isascii() and text.isdigit() and not text.startswith("0"):
            text = f"+{text}"
        try:
            return phonenumbers.parse(text, country or None)
        except phonenumbers.NumberParseException as error:
            if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
                hint = gettext("Begin with + and the country code, such as +44 20 7946 0000.")
            else:
                hint = gettext("{text!r} is not a phone number, such as +44 20 7946 0000.").format(text=text)
            raise Refused(hint) from error

    def show(self, value: JSONValue, context: Context = NOWHERE) -> str:
        if not value:
            return ""
        try:
            number = phonenumbers.parse(value if value.startswith("+") else f"+{value}", None)
        except phonenumbers.NumberParseException:
            return str(value)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    @property
    def json_type(self) -> Any:
        return Annotated[
            StrictStr,
            SchemaField(
                description=self.help or None,
                examples=["+442079460000"],
                json_schema_extra={"maxLength": self.max_length},
            ),
        ]
