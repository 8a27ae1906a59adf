"""What the worker does for messages."""

from datetime import timedelta

from procrastinate import JobContext
from procrastinate.contrib.django import app

from linecard.kernel.clock import now
from linecard.messaging.actions import SEND_TASK, pick_up_sends, schedule_send
from linecard.messaging.work import SendWork, alone_with
from linecard.web.long_work import RETRY, work_a_stretch

SOON = timedelta(seconds=2)


@app.task(name=SEND_TASK, queue="messages", pass_context=True, retry=RETRY)
def hand_messages_over(context: JobContext, send_id: int) -> None:
    """Hand messages of a send over for a short stretch. Running it twice does no harm: one finds nothing to do."""
    with alone_with(send_id) as is_alone:
        if not is_alone:
            # whoever is at it may have looked for the last time before this was asked for
            schedule_send(send_id, now() + SOON)
            return
        work = SendWork(send_id)
        try:
            work_a_stretch(work, attempts=context.job.attempts)
        finally:
            work.close()
        if work.go_on_at is not None:
            schedule_send(send_id, work.go_on_at)


@app.periodic(cron="*/5 * * * *")
@app.task(name="messaging.pick_up_sends", queue="messages", queueing_lock="messaging.pick_up_sends")
def go_on_with_all(timestamp: int) -> None:
    """See every five minutes that no send was left alone."""
    pick_up_sends()
