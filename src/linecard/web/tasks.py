"""What the worker does for the web room."""

from procrastinate.contrib.django import app

from linecard.web.actions.forget_answers import forget_answers


@app.periodic(cron="17 * * * *")
@app.task(name="web.forget_answers", queueing_lock="web.forget_answers", pass_context=False)
def forget_old_answers(timestamp: int) -> None:
    """Every hour: delete the stored answers that are too old to be asked for again."""
    forget_answers()
