"""Work on many cards as the API's JSON objects."""

from collections.abc import Iterable
from typing import Any

from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.customers.bulk_work.queries import visible_works
from linecard.customers.bulk_work.starting import may_undo
from linecard.customers.models import BulkResult, BulkWork
from linecard.kernel.clock import write_moment_or_none
from linecard.web import jobs

Json = dict[str, Any]

KIND = "bulk"
WORKS_URL = "/api/v1/bulk-works"


def spell_work(work: BulkWork) -> Json:
    """A work with its links."""
    return {
        **jobs.spell(work),
        "action": work.action,
        "changes": work.changes,
        "archive": work.archive,
        "total": work.total,
        "changed": work.changed,
        "unchanged": work.unchanged,
        "refused": work.refused,
        "held": work.held,
        "undone": work.undone,
        "left_alone": work.left,
        "forgotten_at": write_moment_or_none(work.forgotten_at),
        "results": f"{WORKS_URL}/{work.pk}/results",
        "undo": f"{WORKS_URL}/{work.pk}/undo" if may_undo(work) else None,
    }


def spell_job(work: BulkWork) -> Json:
    """A work as a job."""
    return {"kind": KIND, **spell_work(work)}


def spell_results(results: Iterable[BulkResult]) -> list[Json]:
    """What became of some cards, with what was changed on them. One more query."""
    results = list(results)
    told = AuditEntry.objects.filter(pk__in=[one.entry_id for one in results if one.entry_id is not None])
    changes: dict[int | None, Json] = dict(told.values_list("pk", "changes"))
    return [
        {
            "customer": result.customer_id,
            "name": result.customer.name,
            "outcome": result.outcome,
            "reason": result.reason,
            "changes": changes.get(result.entry_id, {}),
        }
        for result in results
    ]


def find_bulk_job(user: User, job_id: int) -> Json | None:
    """The work of that id as a job."""
    work = visible_works(user).filter(pk=job_id).first()
    return None if work is None else spell_job(work)
