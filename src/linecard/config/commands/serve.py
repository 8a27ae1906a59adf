"""`linecard serve`: everything for one machine."""

import click

from linecard.config import environment
from linecard.config.commands.preparation import prepare_data_dir


@click.command(short_help="Run everything on this machine.")
def serve() -> None:
    """Run everything on this machine: the database, the web server and the worker.

    The first start makes the database and the first administrator. Ctrl-C or SIGTERM stops everything. It may be
    killed at any time: the next start recovers, and loses nothing that was saved.
    """
    data_dir = prepare_data_dir()
    from linecard.config.supervision import Supervisor

    Supervisor(data_dir, host=environment.host(), port=environment.port()).run()
