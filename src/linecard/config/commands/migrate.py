"""`linecard migrate`: everything that must be in place before web and worker start."""

import click

from linecard.config.commands.preparation import prepare_django


@click.command(short_help="Bring the database and the static files up to date.")
def migrate() -> None:
    """Bring the database and the static files to this version, and make the first administrator.

    `linecard serve` does this at every start. It changes nothing when everything is up to date, and several machines
    may do it at once.
    """
    prepare_django()
    from linecard.accounts.actions import make_ready_made_groups
    from linecard.config import first_administrator, schema, static_collection

    with schema.turn():
        if schema.bring_up_to_date():
            click.echo("The database is up to date")
        make_ready_made_groups()
        made = first_administrator.make_if_missing()
    if static_collection.collect_if_changed():
        click.echo("The static files are collected")
    if made is not None:
        click.echo(made.introduction())
