"""What the audit log says of saved views."""

from django.utils.translation import gettext_noop

from linecard.audit.subjects import Subject, register
from linecard.saved_views.actions import SUBJECT
from linecard.saved_views.models import SavedView


def register_subjects() -> None:
    """Called when the program starts."""
    register(
        Subject(
            type=SUBJECT,
            label=gettext_noop("View"),
            names=lambda ids: dict(SavedView.objects.filter(pk__in=ids).values_list("pk", "name")),
            find=lambda text: SavedView.objects.filter(name__icontains=text).values("pk"),
        )
    )
