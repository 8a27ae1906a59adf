"""The audit log."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from linecard.accounts.api import schemas
from linecard.accounts.api.spelling import Json
from linecard.accounts.api_auth import calling
from linecard.accounts.audit_log import search_entries, visible_entries
from linecard.audit.models import AuditEntry
from linecard.audit.subjects import names_of
from linecard.kernel.clock import write_moment
from linecard.web.answers import Page, PageParameters, WholeParameter, json_answer
from linecard.web.grid.kinds import read_moment

router = Router(tags=["Audit log"])

MAX_ID = 2**63 - 1

Id = Annotated[WholeParameter, Field(ge=1, le=MAX_ID)]
MomentParameter = Annotated[
    Any, BeforeValidator(read_moment), Field(json_schema_extra={"type": "string", "format": "date-time"})
]


class EntryList(PageParameters):
    """Which entries are wanted; all conditions must hold."""

    search: str = Field(
        default="",
        max_length=200,
        description=(
            "Words; each must begin one of who, what, from where, the note, or a value before or after, or find"
            " what was acted on."
        ),
    )
    user: Id | None = Field(default=None, description="Only what this user did.")
    action: str | None = Field(default=None, max_length=60, description="Only this, such as `user.created`.")
    subject_type: str | None = Field(
        default=None, max_length=40, description="Only what was done to this kind of thing."
    )
    subject_id: Id | None = Field(default=None, description="Only what was done to the one of this id.")
    since: MomentParameter | None = Field(default=None, description="Only from this moment on.")
    until: MomentParameter | None = Field(default=None, description="Only up to this moment.")


_CONDITIONS = {
    "user": "user_id",
    "action": "action",
    "subject_type": "subject_type",
    "subject_id": "subject_id",
    "since": "at__gte",
    "until": "at__lte",
}


@router.get("/audit", response=schemas.AuditEntries, summary="Read the audit log")
def list_audit_entries(request: HttpRequest, wanted: Query[EntryList]) -> HttpResponse:
    """Everything that anybody did, newest first. For staff with the permission; nobody can change it."""
    entries = search_entries(visible_entries(calling(request).user), wanted.search)
    given = {path: getattr(wanted, name) for name, path in _CONDITIONS.items()}
    entries = entries.filter(**{path: value for path, value in given.items() if value is not None})
    total = entries.count()
    part = list(entries[wanted.offset : wanted.offset + wanted.limit]) if wanted.offset < total else []
    return json_answer(Page(results=_spelled(part), total=total))


def _spelled(entries: Sequence[AuditEntry]) -> list[Json]:
    names = names_of((entry.subject_type, entry.subject_id) for entry in entries)
    return [
        {
            "id": entry.pk,
            "at": write_moment(entry.at),
            "user": entry.user_id,
            "who": entry.user_name,
            "via": entry.via,
            "address": entry.address,
            "action": entry.action,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "subject": names.get((entry.subject_type, entry.subject_id)),
            "changes": [
                {"field": field, "old": old, "new": new}
                for field, (old, new) in sorted(entry.changes.items())
            ],
            "note": entry.note,
        }
        for entry in entries
    ]
