"""What became of each card of long ended works, removed in short transactions."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from linecard.customers.models import BulkBlock, BulkWork
from linecard.customers.words import BULK_ENDED
from linecard.kernel.clock import now
from linecard.web.database import delete_some

# A work, its numbers and what it wrote into the histories of the cards stay.
RESULTS_KEPT = timedelta(days=30)
FORGOTTEN = (
    f"What became of each customer is forgotten after {RESULTS_KEPT.days} days: this work can no longer be taken"
    " back or gone on with. The histories of the customers tell what it changed."
)


def forget_old_results() -> int:
    """Forget the results of works that ended long ago. Returns how many works."""
    before = now() - RESULTS_KEPT
    old = Q(finished_at__lt=before) | Q(finished_at=None, made_at__lt=before)
    # said first: from then on nobody begins to take it back
    BulkWork.objects.filter(old, forgotten_at=None, state__in=BULK_ENDED).update(forgotten_at=now())
    # the blocks go last, so that what was cut off is found again
    with_blocks = Exists(BulkBlock.objects.filter(work=OuterRef("pk")))
    forgotten = BulkWork.objects.exclude(forgotten_at=None).filter(with_blocks).order_by("pk")
    ids = list(forgotten.values_list("pk", flat=True))
    for work_id in ids:
        for table in ("bulk_result", "bulk_block"):
            while not delete_some(table, "work_id", work_id):
                pass
    return len(ids)
