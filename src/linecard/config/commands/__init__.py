"""The command line: ``linecard``. Commands parse, call and print; what they do is decided elsewhere.

Each command imports what it needs when it runs, so that ``--help`` answers at once.
"""

import sys

import click

from linecard import __version__
from linecard.config.commands import (
    backup,
    doctor,
    imports,
    migrate,
    resellers,
    restore,
    serve,
    tokens,
    users,
    web,
    worker,
)
from linecard.config.commands.failures import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="linecard")
def commands() -> None:
    """Linecard: the customer side of a VoIP carrier's switch.

    `linecard serve` runs everything on one machine: the database, the web server and the worker. Everything else
    here manages such an installation, or runs its parts apart.

    \b
    Environment:
      LINECARD_DATA_DIR        where everything is kept
                               (root: /var/lib/linecard, others: ~/.local/share/linecard)
      LINECARD_HOST            address to listen on (127.0.0.1)
      LINECARD_PORT            port to listen on (8000)
      LINECARD_ALLOWED_HOSTS   names under which browsers reach it, comma-separated
      LINECARD_MAX_UPLOAD_MB   how large an uploaded file may be, in megabytes (512)
      LINECARD_ADMIN_PASSWORD  password of the first administrator (else a random one)
      DATABASE_URL             your own PostgreSQL instead of the embedded one
    """  # noqa: D301  click's mark for text that keeps its lines


for command in (
    serve.serve,
    web.web,
    worker.worker,
    migrate.migrate,
    users.user,
    tokens.token,
    resellers.reseller,
    imports.import_file,
    doctor.doctor,
    backup.backup,
    restore.restore,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):  # whatever LANG says, a name in any script can be printed
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    commands(prog_name="linecard")
