"""`linecard reseller …`."""

import click

from linecard.config.commands.preparation import prepare_django


@click.group(short_help="Make resellers.")
def reseller() -> None:
    """Make resellers: groups of users who see and manage only their own customers."""


@reseller.command()
@click.argument("name")
def create(name: str) -> None:
    """Make the reseller NAME; put users into it with `linecard user create --reseller NAME`."""
    prepare_django()
    from linecard.accounts.actions import create_reseller
    from linecard.accounts.actor import command_actor

    made = create_reseller(name=name, by=command_actor())
    click.echo(f"Made the reseller {made.name}")
