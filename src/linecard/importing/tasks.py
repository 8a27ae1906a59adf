"""What the worker does for uploads."""

import logging

from django.db import OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from linecard.importing.actions import UploadWork
from linecard.importing.actions.choosing import WORK_TASK, schedule_work
from linecard.importing.actions.forgetting import forget_old_uploads
from linecard.web.long_work import work_a_stretch

log = logging.getLogger(__name__)

_RETRIES = 5


@app.task(
    name=WORK_TASK,
    queue="uploads",
    pass_context=True,
    retry=RetryStrategy(max_attempts=_RETRIES, wait=2, retry_exceptions=[OperationalError]),
)
def work_on_upload(context: JobContext, upload_id: int) -> None:
    """Work on an upload for a short stretch, then let other jobs have their turn. Running it twice does no harm."""
    work = UploadWork(upload_id)
    if context.job.attempts:
        work.cut_off()
    try:
        more = work_a_stretch(work.advance)
    except OperationalError:
        if context.job.attempts < _RETRIES:
            raise
        more = work.fail("The database did not answer in time.")
    except Exception:
        log.exception("upload %s cannot go on", upload_id)
        more = work.fail("Something unforeseen went wrong; the server's log tells more.")
    if more:
        schedule_work(upload_id)


@app.periodic(cron="41 3 * * *")
@app.task(name="importing.forget_old_uploads", queue="upkeep", queueing_lock="importing.forget_old_uploads")
def forget_files(timestamp: int) -> None:
    """Forget the files of uploads that are long done, every night."""
    forget_old_uploads()
