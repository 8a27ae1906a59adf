"""The server's configuration: three files that we own and write anew at every start."""

import os
from pathlib import Path

from linecard.embedded.ownership import Account
from linecard.embedded.places import OWNER_ROLE, SUPERUSER, Places

_MAP = "linecard"

_SETTINGS = """\
# Written by Linecard at every start: changes made here are lost.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
hba_file = {hba}
ident_file = {ident}
max_connections = 100
superuser_reserved_connections = 5
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
wal_keep_size = 256MB
wal_compression = on
checkpoint_timeout = 5min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, YMD'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'
logging_collector = on
log_directory = {log}
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u@%d '
log_min_duration_statement = 2s
# values may be personal data or secrets: statements are logged, what they were given is not
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_lock_waits = on
log_checkpoints = off
log_startup_progress_interval = 2s
"""

# For tests only: a crash of the machine, though not of the server, may lose everything.
_NOT_DURABLE = """\
fsync = off
full_page_writes = off
"""


def write_configuration(places: Places, account: Account, *, durable: bool) -> Path:
    """Write the three files; returns the main one."""
    hba, ident, main = (places.conf / name for name in ("pg_hba.conf", "pg_ident.conf", "postgresql.conf"))
    settings = _SETTINGS.format(
        socket=_quoted('"' + str(places.socket).replace('"', '""') + '"'),
        hba=_quoted(str(hba)),
        ident=_quoted(str(ident)),
        log=_quoted(str(places.log)),
    )
    _write(main, settings if durable else settings + _NOT_DURABLE)
    _write(hba, _access_rules())
    _write(ident, _identities(account))
    return main


def _access_rules() -> str:
    """Only through the socket, and only who the kernel says they are: no trust, no password."""
    kinds = ("all        ", "replication")
    return "".join(f"local  {kind}  all  peer map={_MAP}\n" for kind in kinds)


def _identities(account: Account) -> str:
    people = sorted({"root", account.name})
    return "".join(f'{_MAP}  "{person}"  {role}\n' for person in people for role in (OWNER_ROLE, SUPERUSER))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o644)  # the server's account reads it; nothing in it is secret
    fresh.replace(path)
