"""`linecard backup`."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import click

from linecard import __version__
from linecard.config.commands.preparation import prepare_data_dir
from linecard.config.inventory import PRIVATE_FILES, refuse_with_own_database, rows
from linecard.embedded import Cluster, take_backup


@click.command(short_help="Copy the whole installation into one file.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database and the installation's keys into FILE, while everything runs.

    FILE appears only when it is complete and every part of it has been read back. It holds secrets: keep it as safe
    as the installation. `linecard restore` puts it back.
    """
    refuse_with_own_database("pg_basebackup or pg_dump")
    data_dir = prepare_data_dir()
    cluster = Cluster(data_dir, report=click.echo, purpose="linecard backup")
    cluster.require()
    # while `linecard serve` runs, its server is used; otherwise one runs as long as the backup takes
    with contextlib.nullcontext() if cluster.answers() else cluster:
        counts = rows(data_dir)
        about = {
            "linecard": __version__,
            "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rows": counts,
        }
        private = {name: data_dir / name for name in PRIVATE_FILES}
        contents = take_backup(data_dir, file.absolute(), about=about, private=private)
    megabytes = file.stat().st_size / 1e6
    click.echo(f"{file}: {megabytes:.1f} MB, {contents.files} database files, read back and complete")
    for name, count in counts.items():
        click.echo(f"  {name}: {count:,}")
