"""What the worker does for settings: emails that the program itself sends."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linecard.delivery.outcome import Away, Temporary
from linecard.setup.resetting import TASK, mail_links


class NotTaken(Exception):
    """The mail server did not take it now."""


@app.task(
    name=TASK, queue="messages", retry=RetryStrategy(max_attempts=4, wait=20, retry_exceptions=[NotTaken])
)
def mail_password_link(name: str, address: str, base_url: str) -> None:
    """Mail whoever forgot their password a link."""
    for outcome in mail_links(name, address=address, base_url=base_url):
        if isinstance(outcome, Away | Temporary):
            raise NotTaken(outcome.words)
