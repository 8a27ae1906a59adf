"""The fields of a template that people type."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from linecard.fields import ChoiceField, Field, TextField
from linecard.messaging.words import Channel
from linecard.messaging.writing.message import MAX_BODY, MAX_HTML, MAX_SUBJECT

TEMPLATE_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        TextField(
            name="name", label=gettext_noop("Name"), required=True, max_length=100, markup_refused=True
        ),
        ChoiceField(
            name="channel",
            label=gettext_noop("Channel"),
            choices=dict(Channel.choices),
            default=Channel.EMAIL.value,
            immutable=True,
        ),
        TextField(
            name="subject",
            label=gettext_noop("Subject"),
            max_length=MAX_SUBJECT,
            trimmed=False,
            help=gettext_noop("Of an email."),
        ),
        TextField(
            name="text",
            label=gettext_noop("Text"),
            max_length=MAX_BODY,
            multiline=True,
            trimmed=False,
            help=gettext_noop("Of an email it is made from the HTML when it is empty."),
        ),
        TextField(
            name="html",
            label=gettext_noop("HTML"),
            max_length=MAX_HTML,
            multiline=True,
            trimmed=False,
            help=gettext_noop(
                "Of an email, beside the text. What could act or fetch is left out when it is sent."
            ),
        ),
    )
}
