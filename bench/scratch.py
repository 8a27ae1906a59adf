"""A database for one run of a benchmark."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_database(*, durable: bool = False) -> Iterator[None]:
    """A server of its own in a temporary folder, with the schema; Django is set up for it.

    ``durable`` makes commits wait for the disk, as they do where it matters.
    """
    from linecard import embedded

    with tempfile.TemporaryDirectory(prefix="linecard-bench-") as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o711)  # the account that runs the database for root has to pass through
        os.environ["LINECARD_DATA_DIR"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "linecard.config.settings"
        with embedded.Cluster(data_dir, report=lambda _: None, durable=durable):
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", verbosity=0)
            yield
            connections.close_all()
            for connection in connections.all():
                connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone has one
