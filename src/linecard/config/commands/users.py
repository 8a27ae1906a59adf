"""`linecard user …`: users made and helped from the command line."""

import sys

import click

from linecard.config.commands.preparation import prepare_django


@click.group(short_help="Make users, set passwords.")
def user() -> None:
    """Make users and set their passwords."""


_password = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)


def _read_password(from_stdin: bool) -> str:
    """Asked for, or piped in; never an argument, which everybody on the machine could read."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return answer


@user.command()
@click.argument("username")
@click.option("--name", default="", help="The person's name.")
@click.option("--email", default="", help="The person's email address.")
@click.option("--administrator", is_flag=True, help="May do everything, for all resellers.")
@click.option("--reseller", metavar="NAME", help="Sees only the customers of this reseller.")
@_password
def create(
    username: str, name: str, email: str, administrator: bool, reseller: str | None, password_stdin: bool
) -> None:
    """Make the user USERNAME."""
    prepare_django()
    from linecard.accounts.actions import create_user
    from linecard.accounts.actor import command_actor
    from linecard.config.commands.lookups import reseller_named

    made = create_user(
        username=username,
        password=_read_password(password_stdin),
        name=name,
        email=email,
        reseller=reseller_named(reseller) if reseller else None,
        is_administrator=administrator,
        by=command_actor(),
    )
    click.echo(f"Made the user {made.username}")


@user.command()
@click.argument("username")
@_password
def password(username: str, password_stdin: bool) -> None:
    """Give USERNAME a new password; all of the user's sessions end."""
    prepare_django()
    from linecard.accounts.actions import set_password
    from linecard.accounts.actor import command_actor
    from linecard.config.commands.lookups import user_named

    found = user_named(username)
    set_password(user=found, password=_read_password(password_stdin), by=command_actor())
    click.echo(f"{found.username} has a new password")
