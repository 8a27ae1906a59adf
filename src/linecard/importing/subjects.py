"""What the audit log says of uploads."""

from django.utils.translation import gettext_noop

from linecard.audit.subjects import Subject, register
from linecard.importing.actions.choosing import SUBJECT
from linecard.importing.models import Upload


def register_subjects() -> None:
    """Called when the program starts."""
    register(
        Subject(
            type=SUBJECT,
            label=gettext_noop("Upload"),
            names=lambda ids: dict(Upload.objects.filter(pk__in=ids).values_list("pk", "file_name")),
            page="importing:upload",
            find=lambda text: Upload.objects.filter(file_name__icontains=text).values("pk"),
        )
    )
