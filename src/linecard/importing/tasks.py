"""What the worker does for uploads."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from linecard.importing.actions import UploadWork
from linecard.importing.actions.choosing import WORK_TASK, schedule_work
from linecard.importing.actions.forgetting import forget_old_uploads
from linecard.web.long_work import RETRY, work_a_stretch


@app.task(name=WORK_TASK, queue="uploads", pass_context=True, retry=RETRY)
def work_on_upload(context: JobContext, upload_id: int) -> None:
    """Work on an upload for a short stretch, then let other jobs have their turn. Running it twice does no harm."""
    work = UploadWork(upload_id)
    if context.job.attempts:
        work.cut_off()
    if work_a_stretch(work, attempts=context.job.attempts):
        schedule_work(upload_id)


@app.periodic(cron="41 3 * * *")
@app.task(name="importing.forget_old_uploads", queue="upkeep", queueing_lock="importing.forget_old_uploads")
def forget_files(timestamp: int) -> None:
    """Forget the files of uploads that are long done, every night."""
    forget_old_uploads()
