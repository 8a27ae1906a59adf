"""How a command fails: one clear sentence and exit status 1, never a traceback, for all that users can mend."""

import sys
from typing import Any

import click

from linecard.kernel.errors import LinecardError

_NOT_REACHED = "{reason}. Start it with `linecard serve`, or check DATABASE_URL; `linecard doctor` tells more"


class Commands(click.Group):
    """A group whose commands show Linecard's errors, and a database that does not answer, as one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises ``click.ClickException`` for every error that a user can mend."""
        try:
            return super().invoke(ctx)
        except LinecardError as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if not _is_connection_failure(error):
                raise
            reason = "The database cannot be used: " + (str(error).strip().partition("\n")[0] or "no answer")
            raise click.ClickException(_NOT_REACHED.format(reason=reason)) from error


def _is_connection_failure(error: Exception) -> bool:
    """Whether it is one of the drivers' errors, without importing a driver only to find out."""
    for name in ("psycopg", "django.db.utils"):
        module = sys.modules.get(name)
        if module is not None and isinstance(error, (module.OperationalError, module.InterfaceError)):
            return True
    return False
