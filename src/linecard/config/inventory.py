"""What an installation consists of: for backups, and to say what is in one."""

from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from linecard.config import environment
from linecard.config.secret_key import SEALING_KEY_FILE, SIGNING_KEY_FILE
from linecard.embedded import EmbeddedError, connection_parameters

# Beside the database: without the first, everybody has to sign in again, and without the second, set up their second
# factor anew.
PRIVATE_FILES = (SIGNING_KEY_FILE, SEALING_KEY_FILE, "admin-password")

# What people recognise an installation by; a table that an older version lacked is left out.
_TABLES = {"customers": "customer", "users": "linecard_user", "changes recorded": "audit_entry"}


def refuse_with_own_database(tools: str) -> None:
    """Raises ``EmbeddedError`` when DATABASE_URL names a server of the operator's own."""
    if environment.own_database_url() is not None:
        raise EmbeddedError(
            f"DATABASE_URL is set: that server is copied and restored with its own tools ({tools}); "
            "see docs/operating/backup.md"
        )


def rows(data_dir: Path) -> dict[str, int]:
    """How many rows the main tables of the embedded database have."""
    counts: dict[str, int] = {}
    with psycopg.connect(make_conninfo("", **connection_parameters(data_dir))) as connection:
        for label, table in _TABLES.items():
            found = connection.execute("select to_regclass(%s) is not null", [table]).fetchone()
            if found and found[0]:
                count = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
                (counts[label],) = connection.execute(count).fetchone() or (0,)
    return counts
