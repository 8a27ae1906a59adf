"""`linecard doctor`: what is wrong, and what to do about it."""

import click

from linecard.config.commands.preparation import prepare_django


@click.command(short_help="Say what is wrong and what to do.")
def doctor() -> None:
    """Look at the disk, private files, the database, its schema, the worker, the jobs and the clock.

    Says what is wrong and what to do about it, and ends with status 1 when something is wrong.
    """
    data_dir = prepare_django()
    from linecard.config.diagnosis import examine

    findings = examine(data_dir)
    for finding in findings:
        click.echo(f"{'ok   ' if finding.good else 'WRONG'}  {finding.subject:<14} {finding.detail}")
        if finding.remedy:
            click.echo(f"{'':<22} {finding.remedy}")
    if not all(finding.good for finding in findings):
        raise SystemExit(1)
