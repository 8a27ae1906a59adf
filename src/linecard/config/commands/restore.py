"""`linecard restore`."""

import os
from pathlib import Path

import click

from linecard.config.commands.preparation import prepare_data_dir
from linecard.config.inventory import PRIVATE_FILES, refuse_with_own_database, rows
from linecard.embedded import Cluster, Contents, restore_backup


@click.command(short_help="Put a backup back.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Move the present database aside first; it is not deleted.")
def restore(file: Path, replace: bool) -> None:
    """Put the backup FILE into the data folder, start its database once, and say what is in it.

    Nothing changes before all of FILE was read and found complete. It refuses while Linecard runs, and where a database
    is already, unless told to replace it.
    """
    refuse_with_own_database("pg_restore or the tool that made the copy")
    data_dir = prepare_data_dir()
    contents, aside = restore_backup(data_dir, file, replace=replace, report=click.echo)
    _keep_private_files(data_dir, contents, suffix=aside.suffix if aside else "")
    if aside is not None:
        click.echo(f"The database that was there is now {aside}; delete it when you no longer need it")
    with Cluster(data_dir, report=click.echo, purpose="linecard restore"):
        found = rows(data_dir)
    click.echo(
        f"{data_dir} holds what Linecard {contents.about['linecard']} saved at {contents.about['taken_at']}:"
    )
    for name, count in found.items():
        click.echo(f"  {name}: {count:,}")
    click.echo("`linecard serve` goes on from there")


def _keep_private_files(data_dir: Path, contents: Contents, *, suffix: str) -> None:
    """Put the backup's keys in place; with a suffix, those of the replaced database are kept under it."""
    for name in PRIVATE_FILES:
        present = data_dir / name
        if suffix and present.exists():
            present.rename(data_dir / f"{name}{suffix}")
        present.unlink(missing_ok=True)  # without its database it is of no use
        if (content := contents.private.get(name)) is not None:
            handle = os.open(present, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
