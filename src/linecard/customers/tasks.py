"""What the worker does for cards."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linecard.customers.actions import apply_due_change
from linecard.customers.actions.pending import APPLY_TASK


@app.task(name=APPLY_TASK, queue="changes", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def apply_pending_change(change_id: int) -> None:
    """Apply a planned change. Running it again, or too early, does nothing."""
    apply_due_change(change_id=change_id)
