"""What every command needs before it touches the data folder or the database."""

import os
from pathlib import Path

from linecard.config import environment
from linecard.embedded import EmbeddedError, make_data_dir


def prepare_data_dir() -> Path:
    """The data folder, made when missing and checked to be ours. Raises ``EmbeddedError``."""
    data_dir = environment.data_dir()
    make_data_dir(data_dir)
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"{data_dir} is closed to this account: run the command as the account that owns it, "
            "or set LINECARD_DATA_DIR"
        )
    if environment.own_database_url() is None:
        forget_libpq_variables()
    return data_dir


def forget_libpq_variables() -> None:
    """Keep PGHOST, PGOPTIONS and the like, meant for other servers, away from the embedded one."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def prepare_django(*, serving: bool = False) -> Path:
    """Set Django up. Only what serves has a pool of connections, and limits on how long a statement may take.

    The data folder, for those who need it.
    """
    data_dir = prepare_data_dir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linecard.config.settings")
    import django
    from django.conf import settings

    if not serving:
        options = settings.DATABASES["default"]["OPTIONS"]
        options.pop("pool", None)  # its threads would keep a command from ending
        options["options"] = options["options"].removesuffix(settings.SERVING_LIMITS)
    django.setup()
    return data_dir
