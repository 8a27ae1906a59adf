"""The command line's manners: help for everything, one clear line for every failure."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result

from linecard.accounts.actions import authenticate_token
from linecard.accounts.models import Reseller, SecondFactor, User
from linecard.audit.models import AuditEntry
from linecard.config.commands import commands
from linecard.kernel.clock import now
from tests.config.conftest import Installation

PASSWORD = "long enough, surely"


def walk(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from walk(child, (*path, name))


ALL = list(walk(commands))


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(commands, arguments, input=text, prog_name="linecard")


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) or "linecard" for path, _ in ALL])
def test_every_command_explains_itself(path: tuple[str, ...], command: click.Command) -> None:
    done = run(*path, "--help")
    assert done.exit_code == 0
    assert done.output.startswith(f"Usage: {' '.join(['linecard', *path])} ")
    assert command.get_short_help_str(100)
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_commands_that_operators_were_promised() -> None:
    names = {" ".join(path) for path, command in ALL if not isinstance(command, click.Group)}
    assert names == {
        "backup",
        "doctor",
        "import",
        "migrate",
        "reseller create",
        "restore",
        "serve",
        "token create",
        "user create",
        "user deactivate",
        "user list",
        "user password",
        "user rescue",
        "web",
        "worker",
    }


def test_the_help_names_every_variable() -> None:
    text = run("--help").output
    for name in ("DATA_DIR", "HOST", "PORT", "ALLOWED_HOSTS", "MAX_UPLOAD_MB", "ADMIN_PASSWORD"):
        assert f"LINECARD_{name} " in text
    assert "DATABASE_URL" in text


@pytest.mark.django_db
def test_users_with_groups_are_made_listed_and_deactivated() -> None:
    text = f"{PASSWORD}\n"
    assert run("user", "create", "root", "--administrator", "--password-stdin", text=text).exit_code == 0
    groups = ("--group", "noc", "--group", "Read only")
    made = run("user", "create", "nina", "--name", "Nina N.", *groups, "--password-stdin", text=text)
    assert made.output == "Made the user nina\n"
    user = User.objects.get(username="nina")
    assert sorted(group.name for group in user.groups.all()) == ["NOC", "Read only"]
    assert user.permissions["audit"] == ["read"]
    assert run("user", "deactivate", "Nina").output == "nina is not active any more\n"
    assert run("user", "list").output.splitlines() == [
        "USER  NAME     GROUPS          RESELLER  STATE",
        "nina  Nina N.  NOC, Read only            deactivated",
        "root           Administrator             active",
    ]
    last = run("user", "deactivate", "root")
    assert (last.exit_code, last.output) == (
        1,
        "Error: This is the last active administrator. Make another one first.\n",
    )
    unknown = run("user", "create", "x", "--group", "Moon", "--password-stdin", text=text)
    assert unknown.exit_code == 1
    assert "There is no group named Moon; there are Account manager, Administrator," in unknown.output
    both = run("user", "create", "x", "--administrator", "--group", "NOC", "--password-stdin", text=text)
    assert both.exit_code == 2
    assert not User.objects.filter(username="x").exists()


@pytest.mark.django_db
def test_rescue_somebody_who_lost_the_second_factor() -> None:
    run("user", "create", "ann", "--password-stdin", text=f"{PASSWORD}\n")
    user = User.objects.get(username="ann")
    User.objects.filter(pk=user.pk).update(allowed_addresses=["192.0.2.0/24"])
    SecondFactor.objects.create(user=user, secret="sealed", confirmed_at=now())
    told = "ann needs the password only, and may come from anywhere\n"
    assert run("user", "rescue", "Ann").output == told
    user.refresh_from_db()
    assert user.allowed_addresses == []
    assert not SecondFactor.objects.exists()
    entry = AuditEntry.objects.get(action="user.rescued")
    assert (entry.via, entry.changes) == ("command", {"allowed_addresses": [["192.0.2.0/24"], []]})


@pytest.mark.django_db
def test_make_a_user() -> None:
    reseller = run("reseller", "create", "North")
    assert reseller.output == "Made the reseller North\n"
    done = run(
        *("user", "create", "Zoë", "--name", "Zoë Z.", "--email", "zoe@example.com", "--reseller", "north"),
        "--password-stdin",
        text=f"{PASSWORD}\n",
    )
    assert done.output == "Made the user Zoë\n"
    user = User.objects.get(username="Zoë")
    assert user.check_password(PASSWORD)
    assert (user.name, user.email, user.is_administrator) == ("Zoë Z.", "zoe@example.com", False)
    assert user.reseller == Reseller.objects.get(name="North")


@pytest.mark.django_db
def test_a_password_is_asked_for_twice_and_not_shown() -> None:
    done = run("user", "create", "ann", "--administrator", text=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert User.objects.get(username="ann").is_administrator


@pytest.mark.django_db
def test_give_a_new_password() -> None:
    run("user", "create", "ann", "--password-stdin", text=f"{PASSWORD}\n")
    done = run("user", "password", "ANN", "--password-stdin", text="another long one\n")
    assert done.output == "ann has a new password\n"
    assert User.objects.get(username="ann").check_password("another long one")


@pytest.mark.django_db
def test_make_a_token() -> None:
    run("user", "create", "ann", "--password-stdin", text=f"{PASSWORD}\n")
    done = run("token", "create", "--user", "ann", "--kind", "switch", "--read-only", "--expires", "3")
    token = authenticate_token(done.stdout.strip())
    assert token is not None
    assert (token.user.username, token.kind, token.read_only) == ("ann", "switch", True)
    assert token.expires_at is not None
    assert (token.expires_at - token.created_at).days in (2, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (("token", "create", "--user", "ann"), "", "There is no user named ann"),
        (("user", "password", "ann", "--password-stdin"), PASSWORD, "There is no user named ann"),
        (
            ("user", "create", "ann", "--reseller", "West", "--password-stdin"),
            PASSWORD,
            "There is no reseller named West; `linecard reseller create` makes one",
        ),
        (
            ("user", "create", "ann", "--password-stdin"),
            "short",
            "password: This password is too short. It must contain at least 10 characters.",
        ),
    ],
)
def test_a_failure_is_one_clear_line(arguments: tuple[str, ...], text: str, message: str) -> None:
    done = run(*arguments, text=text)
    assert (done.exit_code, done.output) == (1, f"Error: {message}\n")
    assert not User.objects.exists()


def test_without_a_database_the_reason_and_the_remedy_are_told(installation: Installation) -> None:
    done = installation.run("token", "create", "--user", "admin")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database cannot be used: ")
    assert done.stderr.endswith(
        "Start it with `linecard serve`, or check DATABASE_URL; `linecard doctor` tells more\n"
    )
    assert done.stderr.count("\n") == 1


def test_names_in_any_script_can_be_printed_whatever_the_locale_is(installation: Installation) -> None:
    done = installation.run("token", "create", "--user", "Ωμέγα", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
