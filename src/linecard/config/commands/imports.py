"""`linecard import`: a file of records, checked and written from the command line."""

from pathlib import Path
from typing import Any

import click

from linecard.config.commands.preparation import prepare_django

# Signs that are hard to type in a shell.
_NAMED_SIGNS = {"tab": "\t", "space": " ", "none": ""}


def _sign(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value is None else _NAMED_SIGNS.get(value, value)


def _columns(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Fields by column: a heading may hold equals signs, a field does not."""
    return _pairs((value.rpartition("=") for value in values), "COLUMN=FIELD")


def _constants(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Values by field: a value may hold equals signs, a field does not."""
    return _pairs((value.partition("=") for value in values), "FIELD=VALUE")


def _pairs(parts: Any, form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for left, equals, right in parts:
        if not (left.strip() and equals and right.strip()):
            raise click.BadParameter(f"{left + equals + right!r} is not of the form {form}.")
        if left in pairs:
            raise click.BadParameter(f"{left} is given twice.")
        pairs[left] = right
    return pairs


@click.command("import", short_help="Make and change records from a file.")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--target", default="customers", show_default=True, metavar="NAME", help="What the file's rows become."
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    callback=_columns,
    help="The field of a column, which is named by its heading or by its number from 1. Without any, what the "
    "headings suggest is taken, or what was chosen for the same headings before.",
)
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="FIELD=VALUE",
    callback=_constants,
    help="A value for the whole file.",
)
@click.option("--start-row", type=click.IntRange(1), metavar="N", help="The first row with data, from 1.")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "utf-16-le", "utf-16-be", "windows-1252", "latin-1"]),
    help="How the file's characters are written, where the proposal is wrong.",
)
@click.option(
    "--delimiter",
    type=click.Choice([",", ";", "|", "tab"]),
    callback=_sign,
    help="What separates columns, where the proposal is wrong.",
)
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook; the first one otherwise.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal sign of numbers.")
@click.option(
    "--thousands",
    type=click.Choice(["none", ",", ".", "'", "space"]),
    callback=_sign,
    help="What separates thousands in numbers.",
)
@click.option(
    "--mode", type=click.Choice(["create", "upsert"]), help="Make records only, or also change what is there."
)
@click.option("--key", metavar="FIELD", help="With --mode upsert: the field that finds what is there.")
@click.option(
    "--empty", type=click.Choice(["keep", "clear"]), help="What an empty cell does to what is there."
)
@click.option(
    "--rows",
    type=click.Choice(["all", "good"]),
    default="all",
    show_default=True,
    help="Write all rows or nothing, or leave bad rows out.",
)
@click.option("--user", "username", metavar="NAME", help="Who does it; the first administrator otherwise.")
@click.option(
    "--errors",
    "errors_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the bad rows go, each with the reason, to be mended and imported alone.",
)
@click.option("--check", "check_only", is_flag=True, help="Only check; write nothing.")
@click.option("--resume", type=int, metavar="ID", help="Go on with an upload that was checked, or stopped.")
@click.option("--undo", type=int, metavar="ID", help="Take back what an upload has written.")
@click.pass_context
def import_file(
    context: click.Context,
    /,
    *,
    file: Path | None,
    target: str,
    columns: dict[str, str],
    constants: dict[str, str],
    rows: str,
    username: str | None,
    errors_file: Path | None,
    check_only: bool,
    resume: int | None,
    undo: int | None,
    **choices: Any,
) -> None:
    """Check every row of FILE (CSV or XLSX), then write them.

    \b
    linecard import carriers.csv --map "Operator=name" --map "3=debit_limit" --set currency=EUR
    linecard import carriers.csv --check --errors bad-rows.csv
    linecard import --undo 17

    It needs the database, but no worker. Exit status: 0 when every row is good, 1 when something was refused or left
    alone, 2 when the command does not make sense.
    """  # noqa: D301  click's mark for text that keeps its lines
    if [file, resume, undo].count(None) != 2:
        raise click.UsageError("Give one of FILE, --resume ID and --undo ID.")
    prepare_django()
    from linecard.config.commands.import_work import Import
    from linecard.config.commands.lookups import acting_user

    work = Import(by=acting_user(username), rows=rows, errors_file=errors_file, check_only=check_only)
    if file is not None:
        work.begin(file, target, columns, constants, choices)
    elif undo is not None:
        work.undo(undo)
    context.exit(0 if work.go_on(resume) else 1)
