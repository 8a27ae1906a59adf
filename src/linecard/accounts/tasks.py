"""What the worker does for the accounts room."""

from procrastinate.contrib.django import app

from linecard.accounts.actions import forget_sessions


@app.periodic(cron="37 * * * *")
@app.task(name="accounts.forget_sessions", queueing_lock="accounts.forget_sessions", pass_context=False)
def forget_old_sessions(timestamp: int) -> None:
    """Every hour: delete the sessions that are over."""
    forget_sessions()
