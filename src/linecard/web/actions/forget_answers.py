"""Answers kept for ``Idempotency-Key`` are forgotten after two days."""

from datetime import timedelta

from linecard.kernel import clock
from linecard.web.models import IdempotentResponse

KEPT = timedelta(hours=48)
BATCH = 2_000
MAX_BATCHES = 500


def forget_answers() -> int:
    """Delete the answers older than ``KEPT``, in short transactions. Returns how many there were."""
    before = clock.now() - KEPT
    forgotten = 0
    for _ in range(MAX_BATCHES):
        old = IdempotentResponse.objects.filter(created_at__lt=before).order_by("created_at")[:BATCH]
        deleted, _per_model = IdempotentResponse.objects.filter(pk__in=old.values("pk")).delete()
        forgotten += deleted
        if deleted < BATCH:
            break
    return forgotten
