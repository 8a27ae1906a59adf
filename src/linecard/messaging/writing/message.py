"""The texts of a message: checked when they are written, filled in for each recipient."""

from dataclasses import dataclass

from django.utils.translation import gettext

from linecard.fields import Refused
from linecard.fields.text import checked_text
from linecard.kernel.errors import FieldError, Invalid
from linecard.kernel.regional import shown_number
from linecard.messaging.words import Channel
from linecard.messaging.writing.fields import FIELD_NAMES, Values
from linecard.messaging.writing.html import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    TooMuch,
    html_page,
    require_shallow,
    safe_html,
    text_of,
)
from linecard.messaging.writing.language import BadTemplate, Template, Unwritable

MAX_SUBJECT = 500
MAX_BODY = 1_500_000
MAX_HTML = 400_000  # cleaning takes longer than in proportion to the length
MAX_SMS = 1_600  # what Twilio takes, in characters


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts of a message. Of an email ``html`` may be empty, or ``text``, which is made from it then."""

    subject: str = ""
    text: str = ""
    html: str = ""


class Writer:
    """Writes a message for one recipient after the other. ``fields`` are the merge fields that it asks for."""

    def __init__(self, channel: str, texts: Texts) -> None:
        """Raises ``Invalid`` with every problem: errors are named ``subject``, ``text`` and ``html``."""
        errors = list(_wrong_parts(channel, texts))
        self._channel = channel
        self._parts: dict[str, Template] = {}
        for part in ("subject", "text", "html"):
            try:
                self._parts[part] = Template(getattr(texts, part), FIELD_NAMES, escapes=part == "html")
            except BadTemplate as bad:
                errors += [FieldError(part, str(problem)) for problem in bad.problems]
        if errors:
            raise Invalid(errors)
        self.fields = frozenset[str]().union(*(part.fields for part in self._parts.values()))

    def write(self, values: Values) -> Texts:
        """The message for whom the values are of: those of ``fields`` are enough. Raises ``Unwritable``."""
        subject = " ".join(_plain(self._parts["subject"].write(values)).split())
        text = self._parts["text"].write(values)
        html = _safe(self._parts["html"].write(values))
        if self._channel == Channel.SMS:
            return Texts(text=_sms(text))
        if not subject:
            raise Unwritable(gettext("The subject is empty for this recipient."))
        text = text if text.strip() else text_of(html)
        if not text.strip() and "<img" not in html:
            raise Unwritable(gettext("The text is empty for this recipient."))
        return Texts(subject[:MAX_SUBJECT], text, html_page(html) if html.strip() else "")


def _safe(html: str) -> str:
    if len(html) > 2 * MAX_HTML:
        raise Unwritable(gettext("The HTML is too long for this recipient."))
    try:
        return safe_html(html)
    except TooMuch as error:
        raise Unwritable(_too_much()) from error


def _too_much() -> str:
    return gettext("It is nested more than {depth} deep, or has more than {most} elements.").format(
        depth=MAX_DEPTH, most=shown_number(MAX_ELEMENTS)
    )


def require_texts(channel: str, texts: Texts) -> None:
    """Raise ``Invalid`` for texts that cannot be written: every problem, with its line and column."""
    Writer(channel, texts)


def _wrong_parts(channel: str, texts: Texts) -> list[FieldError]:
    limits = {"subject": MAX_SUBJECT, "text": MAX_BODY, "html": MAX_HTML}
    if channel == Channel.SMS:
        limits |= {"subject": 0, "html": 0, "text": MAX_SMS}
    errors = []
    for part, most in limits.items():
        try:
            _require_part(getattr(texts, part), most, multiline=part != "subject")
        except Refused as refusal:
            errors.append(FieldError(part, str(refusal)))
    try:
        require_shallow(texts.html)
    except TooMuch:
        errors.append(FieldError("html", _too_much()))
    if channel == Channel.EMAIL and not texts.subject.strip():
        errors.append(FieldError("subject", gettext("This is required.")))
    if not (texts.text.strip() or texts.html.strip()):
        errors.append(FieldError("text", gettext("This is required.")))
    return errors


def _require_part(text: str, most: int, *, multiline: bool) -> None:
    if text and not most:
        raise Refused(gettext("An SMS has only a text."))
    if len(text) > most:
        raise Refused(
            gettext("At most {most} characters; this has {number}.").format(
                most=shown_number(most), number=shown_number(len(text))
            )
        )
    checked_text(text, multiline=multiline, trimmed=False)


def _sms(text: str) -> str:
    text = text.strip()
    if not text:
        raise Unwritable(gettext("The text is empty for this recipient."))
    if len(text) > MAX_SMS:
        raise Unwritable(
            gettext("The text has {number} characters for this recipient; an SMS has at most {most}.").format(
                number=shown_number(len(text)), most=shown_number(MAX_SMS)
            )
        )
    return text


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
