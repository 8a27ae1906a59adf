"""The forms of what a card has several of."""

from collections.abc import Mapping

from django.http import QueryDict

from linecard.customers.fields import CLI_FIELDS, CONTACT_FIELDS, NOTE_FIELDS
from linecard.customers.models import ApprovedCli, Contact, Note
from linecard.fields import Field
from linecard.web.forms.records import RecordForm

# Verifying is a step of its own: an edit must not carry an old tick over to a new address.
_TYPED_OF_CONTACT = {
    name: field for name, field in CONTACT_FIELDS.items() if name not in ("email_verified", "mobile_verified")
}


class ContactForm(RecordForm):
    """A contact, new or there already."""

    def __init__(self, data: QueryDict | None = None, contact: Contact | None = None) -> None:
        super().__init__(
            _TYPED_OF_CONTACT,
            data,
            values=_values(_TYPED_OF_CONTACT, contact),
            auto_id="contact_%s",
            focused="name",
        )


class NoteForm(RecordForm):
    """A note, new or there already."""

    def __init__(self, data: QueryDict | None = None, note: Note | None = None) -> None:
        super().__init__(
            NOTE_FIELDS, data, values=_values(NOTE_FIELDS, note), auto_id="note_%s", focused="text"
        )


class CliForm(RecordForm):
    """An approved CLI, new or there already."""

    def __init__(self, data: QueryDict | None = None, cli: ApprovedCli | None = None) -> None:
        super().__init__(CLI_FIELDS, data, values=_values(CLI_FIELDS, cli), auto_id="cli_%s", focused="cli")


def _values(fields: Mapping[str, Field], part: Contact | Note | ApprovedCli | None) -> dict[str, object]:
    if part is None:
        return {}
    return {name: field.to_json(getattr(part, field.attribute)) for name, field in fields.items()}
