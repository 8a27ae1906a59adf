"""Uploads of which two things are asked at the same time, and workbooks whose sheets cannot all be read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linecard.accounts.actor import UserActor
from linecard.customers.models import Customer
from linecard.importing import actions
from linecard.importing.actions import choosing, receiving
from linecard.importing.models import Upload, UploadPiece
from linecard.importing.plan import read_plan
from linecard.importing.queries import first_rows, lock_upload
from linecard.importing.reading import convert
from linecard.importing.reading.delimited import Format
from linecard.importing.reading.problems import FileProblem
from linecard.kernel.errors import Conflict
from tests.customers.uploads.conftest import MakeUpload, apply, check, work
from tests.importing.reading.workbooks import text, write_workbook


def sheet(*names: str) -> dict[str, str]:
    """A sheet of customers."""
    cells = {"A1": text("Name"), "B1": text("Currency")}
    for row, name in enumerate(names, 2):
        cells |= {f"A{row}": text(name), f"B{row}": text("EUR")}
    return cells


@pytest.fixture
def workbook(make_upload: MakeUpload, tmp_path: Path) -> Upload:
    """A workbook with two sheets of customers, and one without anything."""
    sheets = {"East": sheet("Acme"), "West": sheet("Birch", "Cedar"), "Blank": {}}
    return make_upload(write_workbook(tmp_path / "book.xlsx", sheets).read_bytes(), file_name="book.xlsx")


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Have something happen once, when a sheet has been written out but is not yet in use."""
    waiting = [do]

    def convert_and_do(*arguments: Any) -> str:
        chosen = convert(*arguments)
        if waiting:
            waiting.pop()()
        return chosen

    monkeypatch.setattr(receiving, "convert", convert_and_do)


def names_read(upload: Upload) -> list[str]:
    return [row.cells[0] for row in first_rows(upload, Format())[1:]]


def test_a_sheet_that_cannot_be_read_leaves_the_one_before(workbook: Upload, by: UserActor) -> None:
    with pytest.raises(FileProblem, match="'Blank' is empty"):
        actions.choose_sheet(upload_id=workbook.pk, sheet="Blank", by=by)

    checked = check(workbook, by)
    assert (checked.state, checked.sniffed["sheet"], checked.good) == ("checked", "East", 1)


def test_another_sheet_takes_the_place_of_the_first(workbook: Upload, by: UserActor) -> None:
    pieces = UploadPiece.objects.count()
    upload = actions.choose_sheet(upload_id=workbook.pk, sheet="West", by=by)
    assert names_read(upload) == ["Birch", "Cedar"]
    assert UploadPiece.objects.count() == pieces


def test_a_sheet_is_not_changed_under_an_upload_that_is_applied_meanwhile(
    workbook: Upload, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(workbook, by)
    pieces = UploadPiece.objects.count()
    meanwhile(monkeypatch, lambda: apply(workbook, by))

    with pytest.raises(Conflict, match="applied"):
        actions.choose_sheet(upload_id=workbook.pk, sheet="West", by=by)

    workbook.refresh_from_db()
    assert (workbook.state, workbook.applied, workbook.sniffed["sheet"]) == ("applied", 1, "East")
    assert names_read(workbook) == ["Acme"]
    assert UploadPiece.objects.count() == pieces


def test_of_two_that_choose_sheets_at_once_one_is_read_whole(
    workbook: Upload, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.choose_sheet(upload_id=workbook.pk, sheet="West", by=by)
    meanwhile(monkeypatch, lambda: actions.choose_sheet(upload_id=workbook.pk, sheet="East", by=by))
    workbook.refresh_from_db()
    upload = actions.choose_sheet(upload_id=workbook.pk, sheet="East", by=by)
    assert (upload.sniffed["sheet"], names_read(upload)) == ("East", ["Acme"])
    assert check(upload, by).good == 1


def test_a_check_does_not_read_another_sheet_than_it_was_asked_for(
    workbook: Upload, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:

    def read_and_change(*arguments: Any, **choices: Any) -> Any:
        actions.choose_sheet(upload_id=workbook.pk, sheet="West", by=by)
        return read_plan(*arguments, **choices)

    monkeypatch.setattr(choosing, "read_plan", read_and_change)
    with pytest.raises(Conflict, match="Somebody else"):
        actions.check_upload(upload_id=workbook.pk, plan={}, by=by)
    workbook.refresh_from_db()
    assert (workbook.state, workbook.plan["sheet"]) == ("uploaded", "West")


def test_a_check_can_be_asked_for_again_with_the_same_sheet(workbook: Upload, by: UserActor) -> None:
    for _ in range(2):
        actions.check_upload(upload_id=workbook.pk, plan={"sheet": "West"}, by=by)
        actions.UploadWork(workbook.pk).advance()
    assert work(workbook).good == 2


def test_what_a_sheet_holds_is_not_taken_for_another_delimiter(
    make_upload: MakeUpload, by: UserActor, tmp_path: Path
) -> None:
    cells = {f"A{row}": text(name) for row, name in enumerate(("Name", "Acme; Ltd", "Birch; Co", "C; D"), 1)}
    content = write_workbook(tmp_path / "book.xlsx", {"One": cells}).read_bytes()
    upload = make_upload(content, file_name="book.xlsx")
    assert (upload.sniffed["delimiter"], upload.sniffed["columns"]) == (",", 1)
    apply(check(upload, by, mapping={"1": "name"}, constants={"currency": "EUR"}), by)
    assert Customer.objects.filter(name="Acme; Ltd").exists()


def test_a_file_that_is_finished_twice_at_once_is_taken_in_once(
    by: UserActor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = write_workbook(tmp_path / "book.xlsx", {"One": sheet("Acme")}).read_bytes()
    upload = actions.begin_upload(target="customers", file_name="book.xlsx", size=len(content), by=by)
    actions.receive_piece(upload_id=upload.pk, number=0, content=content, by=by)

    def finish_and_apply() -> None:
        apply(check(actions.finish_upload(upload_id=upload.pk, by=by), by), by)

    meanwhile(monkeypatch, finish_and_apply)
    upload = actions.finish_upload(upload_id=upload.pk, by=by)

    assert (upload.state, upload.applied, names_read(upload)) == ("applied", 1, ["Acme"])
    assert UploadPiece.objects.count() == 2


def test_an_upload_that_is_applied_meanwhile_is_not_forgotten(
    make_upload: MakeUpload, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = check(make_upload("Name,Currency\nAcme,EUR\n"), by)

    def apply_first(*arguments: Any) -> Upload:
        actions.apply_upload(upload_id=upload.pk, by=by)
        return lock_upload(*arguments)

    monkeypatch.setattr(receiving, "lock_upload", apply_first)
    with pytest.raises(Conflict):
        actions.discard_upload(upload_id=upload.pk, by=by)
    assert Upload.objects.filter(pk=upload.pk).exists()


@pytest.mark.parametrize("heading", [b"Foo\0,Bar\xc3\xa4", b"Foo\xff,B\xc3\xa4\xc3\xa4r"])
def test_headings_that_cannot_be_stored_are_shown_as_far_as_they_can_be(
    make_upload: MakeUpload, heading: bytes
) -> None:
    upload = make_upload(heading + b"\nxa,1\nxb,2\n")
    upload.refresh_from_db()
    assert upload.sniffed["heading_row"] == 1
    assert upload.sniffed["headings"][0] in ("Foo␀", "Foo�")
