"""Writing to the trail, and reading it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from linecard.audit.actor import Actor
from linecard.audit.models import AuditEntry
from linecard.kernel.clock import now

Changes = Mapping[str, tuple[Any, Any]]


def record(
    *,
    by: Actor,
    action: str,
    subject_type: str,
    subject_id: int,
    changes: Changes | None = None,
    version: int | None = None,
    note: str = "",
) -> AuditEntry:
    """Write one entry, in the transaction of the change that it tells of."""
    return AuditEntry.objects.create(
        at=now(),
        user_id=by.user_id,
        user_name=by.name,
        via=by.via,
        address=by.address,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        version=version,
        changes={field: list(pair) for field, pair in (changes or {}).items()},
        note=note,
    )


def history_of(subject_type: str, subject_id: int) -> QuerySet[AuditEntry]:
    """The entries about one subject, newest first."""
    return AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-id")


def entries_since(subject_type: str, subject_id: int, version: int) -> QuerySet[AuditEntry]:
    """The versioned entries after ``version``, oldest first: what somebody who read that version has missed."""
    entries = AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id, version__gt=version)
    return entries.order_by("id")
