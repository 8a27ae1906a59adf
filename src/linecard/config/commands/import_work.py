"""What `linecard import` does: the work of an upload in this process, with a word on how it is getting on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click
from django.conf import settings

from linecard.accounts.actor import UserActor
from linecard.importing.actions import (
    UploadWork,
    apply_upload,
    check_upload,
    choose_sheet,
    discard_upload,
    receive_file,
    target_of,
    undo_upload,
)
from linecard.importing.mending import bad_rows_file
from linecard.importing.models import Upload
from linecard.importing.queries import first_rows, get_upload, left_alone, problems_of
from linecard.importing.reading.delimited import Format, Row
from linecard.importing.words import WORKING, UploadState
from linecard.kernel.errors import Conflict, Invalid
from linecard.kernel.names import name_key

_PORTION_BYTES = 1024 * 1024
_SHOWN = 10

_LABELS = {
    UploadState.CHECKING: "Checking",
    UploadState.APPLYING: "Writing",
    UploadState.UNDOING: "Taking back",
}


class Import:
    """One run of the command, on one upload."""

    def __init__(self, *, by: UserActor, rows: str, errors_file: Path | None, check_only: bool) -> None:
        self._by = by
        self._rows = rows
        self._errors_file = errors_file
        self._check_only = check_only
        self._upload_id = 0

    def begin(
        self,
        file: Path,
        target: str,
        columns: Mapping[str, str],
        constants: Mapping[str, str],
        choices: Mapping[str, Any],
    ) -> None:
        """Take the file in and begin to check it. Raises ``click.UsageError`` when it cannot be read as asked."""
        upload = _receive(file, target, self._by)
        try:
            chosen = {name: value for name, value in choices.items() if value is not None}
            if "sheet" in chosen:
                upload = choose_sheet(upload_id=upload.pk, sheet=chosen["sheet"], by=self._by)
            if columns:
                chosen |= _mapped(upload, chosen, columns)
            if constants:
                chosen["constants"] = dict(constants)
            upload = check_upload(upload_id=upload.pk, plan=chosen, by=self._by)
        except BaseException as error:
            discard_upload(upload_id=upload.pk, by=self._by)
            if isinstance(error, Invalid):
                raise click.UsageError(" ".join(found.message for found in error.errors)) from error
            raise
        self._upload_id = upload.pk
        _tell_plan(upload)

    def undo(self, upload_id: int) -> None:
        """Begin to take an upload back. Raises ``NotFound`` and ``Conflict``."""
        self._upload_id = undo_upload(upload_id=upload_id, by=self._by).pk

    def go_on(self, upload_id: int | None = None) -> bool:
        """Do all the work there is, on an upload that was begun before or just now; whether everything was good."""
        if upload_id is not None:
            self._upload_id = upload_id
            UploadWork(get_upload(self._by.user, upload_id).pk).cut_off()
        upload = get_upload(self._by.user, self._upload_id)
        if upload.state == UploadState.CHECKED:
            return self._apply(upload)
        if upload.state not in WORKING:
            raise Conflict(f"Upload {upload.pk} is {upload.state}: there is nothing to go on with")
        upload = self._carry_out(upload)
        if upload.state == UploadState.CHECKED:
            self._tell_check(upload)
            return self._apply(upload)
        return _tell_result(upload)

    def _apply(self, upload: Upload) -> bool:
        if self._check_only:
            click.echo(f"Nothing is written yet. `linecard import --resume {upload.pk}` writes the rows.")
        elif not upload.good or (upload.bad and self._rows == "all"):
            also = " `--rows good` leaves them out." if upload.good else ""
            click.echo(f"Nothing is written, because of the bad rows.{also}")
        else:
            upload = apply_upload(upload_id=upload.pk, rows=self._rows, by=self._by)
            return _tell_result(self._carry_out(upload))
        return not upload.bad

    def _carry_out(self, upload: Upload) -> Upload:
        """Work until there is nothing more to do. Raises ``click.ClickException`` when it is interrupted."""
        work = UploadWork(upload.pk)
        try:
            with click.progressbar(length=100, label=_LABELS[UploadState(upload.state)]) as bar:
                while work.advance():
                    bar.update(max(0, get_upload(self._by.user, upload.pk).progress - bar.pos))
                bar.update(100 - bar.pos)
        except KeyboardInterrupt as error:
            raise click.ClickException(_how_to_go_on(get_upload(self._by.user, upload.pk))) from error
        return get_upload(self._by.user, upload.pk)

    def _tell_check(self, upload: Upload) -> None:
        click.echo(f"{upload.rows:,} rows: {upload.good:,} good, {upload.bad:,} bad.")
        fields = target_of(upload).fields
        problems = problems_of(upload)
        for problem in problems[:_SHOWN]:
            label = fields[problem.field].label if problem.field in fields else ""
            column = f"column {problem.column}" if problem.column else ""
            place = ", ".join(part for part in (f"row {problem.row:,}", column, label) if part)
            value = f"{problem.value!r}: " if problem.value else ""
            click.echo(f"  {place}: {value}{problem.message}")
        if (more := problems.count() - _SHOWN) > 0:
            click.echo(f"  and {more:,} more")
        self._write_errors(upload)

    def _write_errors(self, upload: Upload) -> None:
        if self._errors_file is not None:
            try:
                with self._errors_file.open("wb") as file:
                    file.writelines(bad_rows_file(upload))
            except OSError as error:
                raise click.FileError(str(self._errors_file), error.strerror) from error
            click.echo(f"The bad rows are in {self._errors_file}, each with the reason.")
        elif upload.bad:
            click.echo(f"All of it: `--errors FILE`, or Setup › Information › Uploads, upload {upload.pk}.")


def _receive(path: Path, target: str, by: UserActor) -> Upload:
    """Take the file in. Raises ``click.UsageError``, and ``click.ClickException`` when it is interrupted."""
    label = f"Reading {path.name}"
    try:
        with path.open("rb") as file, click.progressbar(length=path.stat().st_size, label=label) as bar:
            return receive_file(
                target=target,
                file_name=path.name,
                portions=_portions(file, bar.update),
                by=by,
                max_bytes=settings.MAX_UPLOAD_BYTES,
            )
    except Invalid as error:
        raise click.UsageError(" ".join(found.message for found in error.errors)) from error
    except KeyboardInterrupt as error:
        raise click.ClickException("Stopped: the file was not kept, and nothing is written") from error


def _portions(file: BinaryIO, tell: Callable[[int], None]) -> Iterator[bytes]:
    while portion := file.read(_PORTION_BYTES):
        yield portion
        tell(len(portion))


def _mapped(upload: Upload, chosen: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Fields by column number, and the start row below the headings that were named, unless that is chosen.

    Raises ``click.UsageError`` for a column that is not there, or there twice.
    """
    read = {**upload.plan, **chosen}
    rows = first_rows(upload, Format(read["encoding"], read["delimiter"]))
    names = [name for name in columns if not _is_number(name)]
    row = _heading_row(rows, names, chosen.get("start_row")) or _row_above(rows, read["start_row"])
    mapping: dict[str, str] = {}
    for name, field in columns.items():
        number = str(int(name)) if _is_number(name) else str(_column(row.cells, name))
        if number in mapping:
            raise click.UsageError(f"Column {number} is mapped twice.")
        mapping[number] = field
    return {"mapping": mapping, "start_row": row.number + 1 if names else read["start_row"]}


def _heading_row(rows: Iterable[Row], names: Iterable[str], start_row: int | None) -> Row | None:
    """The first row with all those headings."""
    wanted = set(map(name_key, names))
    found = (row for row in rows if start_row in (None, row.number + 1))
    return next((row for row in found if wanted <= set(map(name_key, row.cells))), None)


def _row_above(rows: Iterable[Row], start_row: int) -> Row:
    return next((row for row in rows if row.number == start_row - 1), Row(start_row - 1, []))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _column(headings: list[str], name: str) -> int:
    found = [number for number, heading in enumerate(headings, 1) if name_key(heading) == name_key(name)]
    if len(found) > 1:
        numbers = " and ".join(map(str, found))
        raise click.UsageError(f"Columns {numbers} are headed {name}: name the column by its number.")
    if not found:
        there = ", ".join(heading for heading in headings if heading.strip())[:500]
        raise click.UsageError(f"No column is headed {name}. The headings: {there or 'none'}.")
    return found[0]


def _tell_plan(upload: Upload) -> None:
    plan, fields = upload.plan, target_of(upload).fields
    rows = first_rows(upload, Format(plan["encoding"], plan["delimiter"]), plan["start_row"])
    headings = _row_above(rows, plan["start_row"]).cells
    click.echo(f"Upload {upload.pk}, from row {plan['start_row']:,} on:")
    for number, name in plan["mapping"].items():
        heading = headings[int(number) - 1] if int(number) <= len(headings) else ""
        click.echo(f"  column {number}{f' ({heading})' if heading else ''}: {fields[name].label}")
    for name, value in plan["constants"].items():
        click.echo(f"  the whole file: {fields[name].label} {value}")


def _tell_result(upload: Upload) -> bool:
    """Say what became of it; whether everything was good. Raises ``click.ClickException`` when it failed."""
    if upload.state == UploadState.FAILED:
        raise click.ClickException(upload.problem)
    if upload.state == UploadState.UNDONE:
        click.echo(f"Took back {upload.undone:,}, left {upload.left:,} alone.")
        for left in left_alone(upload, _SHOWN):
            click.echo(f"  row {left.row:,}, {left.label}: {left.reason}")
        return not upload.left
    many = target_of(upload).many
    changed = upload.applied - upload.makes
    click.echo(f"Made {upload.makes:,} {many}, changed {changed:,}, left out {upload.bad:,}.")
    click.echo(f"`linecard import --undo {upload.pk}` takes it back.")
    return not upload.bad


def _how_to_go_on(upload: Upload) -> str:
    done = {
        UploadState.CHECKING: "Stopped while checking; nothing is written.",
        UploadState.APPLYING: f"Stopped: {upload.applied:,} of {upload.good:,} rows are written.",
        UploadState.UNDOING: f"Stopped: {upload.undone + upload.left:,} of {upload.applied:,} rows are taken back.",
    }
    undo = (
        f"; `linecard import --undo {upload.pk}` takes it back"
        if upload.state == UploadState.APPLYING
        else ""
    )
    told = done.get(UploadState(upload.state), f"Upload {upload.pk} is {upload.state}.")
    return (
        f"{told} A worker that runs goes on with it, and so does `linecard import --resume {upload.pk}`{undo}"
    )
