"""What the worker does for cards."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linecard.customers.actions import apply_due_change
from linecard.customers.actions.pending import APPLY_TASK
from linecard.customers.bulk_work.forgetting import forget_old_results
from linecard.customers.bulk_work.starting import WORK_TASK, schedule_work
from linecard.customers.bulk_work.work import CardsWork
from linecard.web.long_work import RETRY, work_a_stretch


@app.task(name=APPLY_TASK, queue="changes", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def apply_pending_change(change_id: int) -> None:
    """Apply a planned change. Running it again, or too early, does nothing."""
    apply_due_change(change_id=change_id)


@app.task(name=WORK_TASK, queue="bulk", pass_context=True, retry=RETRY)
def work_on_cards(context: JobContext, work_id: int) -> None:
    """Work on many cards for a short stretch, then let other jobs have their turn. Running it twice does no harm."""
    if work_a_stretch(CardsWork(work_id), attempts=context.job.attempts):
        schedule_work(work_id)


@app.periodic(cron="47 3 * * *")
@app.task(name="customers.forget_old_results", queue="upkeep", queueing_lock="customers.forget_old_results")
def forget_results(timestamp: int) -> None:
    """Forget what became of each card of works that ended long ago, every night."""
    forget_old_results()
