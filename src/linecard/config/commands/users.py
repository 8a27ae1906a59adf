"""`linecard user …`: users made and helped from the command line."""

import sys

import click

from linecard.config.commands.preparation import prepare_django


@click.group(short_help="Make and list users, set passwords.")
def user() -> None:
    """Make, list and deactivate users, and set their passwords."""


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
@click.option("--group", "groups", metavar="NAME", multiple=True, help="May do what it permits; repeatable.")
@_password
def create(
    username: str,
    name: str,
    email: str,
    administrator: bool,
    reseller: str | None,
    groups: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Make the user USERNAME. Without a group it is an account manager, or a reseller's user."""
    if administrator and groups:
        raise click.UsageError("An administrator needs no group: give --administrator or --group.")
    prepare_django()
    from linecard.accounts.actions import create_user
    from linecard.accounts.actor import command_actor
    from linecard.config.commands.lookups import group_named, reseller_named

    made = create_user(
        username=username,
        password=_read_password(password_stdin),
        name=name,
        email=email,
        reseller=reseller_named(reseller) if reseller else None,
        is_administrator=administrator,
        groups=[group_named(group) for group in groups] or None,
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


@user.command("list")
def list_users() -> None:
    """List all users: name, groups, reseller, and whether they are active."""
    prepare_django()
    from linecard.accounts.models import User

    users = User.objects.select_related("reseller").prefetch_related("groups").order_by("username_key")
    rows = [("USER", "NAME", "GROUPS", "RESELLER", "STATE")]
    for found in users:
        groups = ", ".join(sorted(group.name for group in found.groups.all()))
        state = "active" if found.is_active else "deactivated"
        rows.append((found.username, found.name, groups, str(found.reseller or ""), state))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


@user.command()
@click.argument("username")
def deactivate(username: str) -> None:
    """Let USERNAME in no more: all sessions and tokens end at once, the history stays.

    It is done in the name of the first administrator.
    """
    prepare_django()
    from linecard.accounts.actions import update_user
    from linecard.config.commands.lookups import acting_user, user_named

    found = user_named(username)
    update_user(user_id=found.pk, values={}, is_active=False, by=acting_user(None))
    click.echo(f"{found.username} is not active any more")


@user.command()
@click.argument("username")
def rescue(username: str) -> None:
    """Let USERNAME in with the password alone: no second factor, and from any address."""
    prepare_django()
    from linecard.accounts.actions import rescue_user
    from linecard.accounts.actor import command_actor
    from linecard.config.commands.lookups import user_named

    found = user_named(username)
    rescue_user(user=found, by=command_actor())
    click.echo(f"{found.username} needs the password only, and may come from anywhere")
