"""`linecard token …`: what programs sign in with."""

import click

from linecard.config.commands.preparation import prepare_django


@click.group(short_help="Make API tokens.")
def token() -> None:
    """Make the tokens that programs use to sign in to the API."""


@token.command()
@click.option("--user", "username", metavar="NAME", required=True, help="The user for whom the token acts.")
@click.option(
    "--kind", type=click.Choice(["api", "switch"]), default="api", show_default=True, help="What it opens."
)
@click.option("--read-only", is_flag=True, help="It may read, not change.")
@click.option(
    "--expires", "days", type=click.IntRange(1, 3650), metavar="DAYS", help="It ends after this many days."
)
def create(username: str, kind: str, read_only: bool, days: int | None) -> None:
    """Make a token and print it, alone on standard output. It is shown only now.

    \b
    TOKEN=$(linecard token create --user admin)
    curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8000/api/v1/customers
    """  # noqa: D301  click's mark for text that keeps its lines
    prepare_django()
    from linecard.accounts.actions import create_token
    from linecard.accounts.actor import command_actor
    from linecard.config.commands.lookups import user_named

    _, secret = create_token(
        user=user_named(username), kind=kind, read_only=read_only, expires_days=days, by=command_actor()
    )
    click.echo(secret)
