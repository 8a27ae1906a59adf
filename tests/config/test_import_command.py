"""`linecard import`: what it reads, says and leaves behind, and how it ends."""

from pathlib import Path
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner, Result

from linecard.accounts.models import User
from linecard.audit.models import AuditEntry
from linecard.config.commands import commands
from linecard.config.commands.imports import import_file
from linecard.customers import actions
from linecard.customers.models import Customer
from linecard.importing.actions import UploadWork
from linecard.importing.api import schemas
from linecard.importing.models import Upload, UploadPiece
from linecard.importing.plan import DECIMALS, DELIMITERS, ENCODINGS, THOUSANDS
from linecard.importing.words import Empty, Mode, Rows
from tests.conftest import MakeCustomer

pytestmark = pytest.mark.django_db

CARRIERS = "Operator,Prepaid,Currency\nAcme,10.00,EUR\nBirch,-x,EUR\nCedar,,EUR\n"
NO_AMOUNT = "Write a plain amount such as 1250.00, with a point and without thousands separators."
MAPPED = ("--map", "Operator=name", "--map", "2=debit_limit")


@pytest.fixture
def carriers(tmp_path: Path, admin: User) -> Path:
    path = tmp_path / "carriers.csv"
    path.write_text(CARRIERS)
    return path


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(commands, ["import", *map(str, arguments)], prog_name="linecard")


def names() -> list[str]:
    return sorted(Customer.objects.filter(archived_at=None).values_list("name", flat=True))


def test_good_rows_are_written_and_bad_ones_are_told(carriers: Path) -> None:
    done = run(carriers, *MAPPED, "--set", "currency=EUR", "--rows", "good")
    upload = Upload.objects.get()
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "Reading carriers.csv",
        f"Upload {upload.pk}, from row 2 on:",
        "  column 1 (Operator): Name",
        "  column 2 (Prepaid): Debit limit",
        "  the whole file: Currency EUR",
        "Checking",
        "3 rows: 2 good, 1 bad.",
        f"  row 3, column 2, Debit limit: '-x': {NO_AMOUNT}",
        f"All of it: `--errors FILE`, or Setup › Information › Uploads, upload {upload.pk}.",
        "Writing",
        "Made 2 customers, changed 0, left out 1.",
        f"`linecard import --undo {upload.pk}` takes it back.",
    ]
    assert names() == ["Acme", "Cedar"]


def test_all_rows_or_none(carriers: Path) -> None:
    done = run(carriers, *MAPPED, "--set", "currency=EUR")
    assert done.exit_code == 1
    assert done.output.endswith(
        "Nothing is written, because of the bad rows. `--rows good` leaves them out.\n"
    )
    assert names() == []


def test_a_good_file_ends_with_status_0(carriers: Path) -> None:
    carriers.write_text("name,currency\nAcme,EUR\nBirch,USD\n")
    done = run(carriers)
    assert (done.exit_code, names()) == (0, ["Acme", "Birch"])
    assert "  column 2 (currency): Currency\n" in done.output


def test_who_does_it(carriers: Path, staff: User) -> None:
    run(carriers, *MAPPED, "--set", "currency=EUR", "--check")
    run(carriers, *MAPPED, "--set", "currency=EUR", "--check", "--user", "STAFF")
    makers = Upload.objects.order_by("pk").values_list("made_by__username", flat=True)
    assert list(makers) == ["admin", "staff"]
    assert set(AuditEntry.objects.filter(action="upload.checking").values_list("via", flat=True)) == {
        "command"
    }


def test_a_check_writes_nothing_and_can_be_gone_on_with(carriers: Path) -> None:
    done = run(carriers, *MAPPED, "--set", "currency=EUR", "--check")
    upload = Upload.objects.get()
    assert (done.exit_code, names()) == (1, [])
    assert f"`linecard import --resume {upload.pk}` writes the rows." in done.output
    done = run("--resume", upload.pk, "--rows", "good")
    assert (done.exit_code, names()) == (1, ["Acme", "Cedar"])


def test_bad_rows_go_to_a_file_that_can_be_mended_and_imported(carriers: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    done = run(carriers, *MAPPED, "--set", "currency=EUR", "--rows", "good", "--errors", bad)
    assert f"The bad rows are in {bad}, each with the reason.\n" in done.output
    text = bad.read_text("utf-8-sig")
    assert text == f'Operator,Prepaid,Currency,Reason\nBirch,\'-x,EUR,"Debit limit: {NO_AMOUNT}"\n'
    bad.write_text(text.replace("'-x", "7.00"))
    done = run(bad, *MAPPED, "--set", "currency=EUR")
    assert (done.exit_code, names()) == (0, ["Acme", "Birch", "Cedar"])


def test_a_file_of_bad_rows_that_cannot_be_written(carriers: Path, tmp_path: Path) -> None:
    done = run(carriers, *MAPPED, "--set", "currency=EUR", "--errors", tmp_path / "no" / "such" / "bad.csv")
    assert done.exit_code == 1
    assert "No such file or directory" in done.output
    assert names() == []


def test_it_can_be_taken_back_but_for_what_was_changed_since(carriers: Path, by: Any) -> None:
    run(carriers, *MAPPED, "--set", "currency=EUR", "--rows", "good")
    upload = Upload.objects.get()
    cedar = Customer.objects.get(name="Cedar")
    actions.update_customer(customer_id=cedar.pk, values={"channels": 3}, by=by)
    done = run("--undo", upload.pk)
    lines = done.output.splitlines()
    assert (done.exit_code, names()) == (1, ["Cedar"])
    assert lines[:2] == ["Taking back", "Took back 1, left 1 alone."]
    assert lines[2].startswith("  row 4, Cedar: ")


def test_everything_taken_back_ends_with_status_0(carriers: Path) -> None:
    run(carriers, *MAPPED, "--set", "currency=EUR", "--rows", "good")
    done = run("--undo", Upload.objects.get().pk)
    assert (done.exit_code, names()) == (0, [])


def test_rows_can_change_what_is_there(carriers: Path, make_customer: MakeCustomer) -> None:
    make_customer("Acme", debit_limit="1.00")
    carriers.write_text("Firma;Limit\nacme;1.250,50\nBirke;7\n", "windows-1252")
    done = run(
        *(carriers, "--map", "firma=name", "--map", "Limit=debit_limit", "--set", "currency=EUR"),
        *("--mode", "upsert", "--key", "name", "--decimal", ",", "--thousands", "."),
    )
    assert (done.exit_code, done.output.splitlines()[-2]) == (
        0,
        "Made 1 customers, changed 1, left out 0.",
    )
    limits = Customer.objects.order_by("pk").values_list("debit_limit_micros", flat=True)
    assert list(limits) == [1_250_500_000, 7_000_000]


def test_titles_are_passed_over_when_told(carriers: Path) -> None:
    carriers.write_text("Our carriers\tof May\n\nWho\tPays in\nAcme\tEUR\n")
    done = run(
        *(carriers, "--map", "Who=name", "--map", "Pays in=currency"),
        *("--start-row", 4, "--delimiter", "tab", "--encoding", "utf-8"),
    )
    assert (done.exit_code, names()) == (0, ["Acme"])


def test_headings_that_are_named_say_where_the_rows_begin(carriers: Path) -> None:
    """Nothing else could: what stands above the rows looks like one of them."""
    carriers.write_text("May,2026,x\nOperator,Operator,Pays in\nAcme,Acme Ltd,EUR\n")
    done = run(carriers, "--map", "pays in=currency", "--map", "1=name")
    assert (done.exit_code, names()) == (0, ["Acme"])


def test_a_heading_that_is_not_there_is_told_with_those_that_are(carriers: Path) -> None:
    done = run(carriers, "--map", "Name=name")
    assert done.exit_code == 2
    assert "No column is headed Name. The headings: Operator, Prepaid, Currency.\n" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Currency must be mapped to a column, or given for the whole file."),
        (("--map", "operator=name", "--delimiter", "tab"), "No column is headed operator."),
        (("--map", "operator=name"), "Columns 1 and 3 are headed operator: name the column by its number."),
        (("--map", "1=name", "--map", "01=tax"), "Column 1 is mapped twice."),
        (("--map", "9=name"), "The file has columns 1 to 3."),
        (("--map", "1=nmae"), "There is no field 'nmae'."),
        (("--map", "1"), "'1' is not of the form COLUMN=FIELD."),
        (("--map", "1=name", "--map", "1=tax"), "1 is given twice."),
        (("--set", "currency"), "'currency' is not of the form FIELD=VALUE."),
        (("--set", "nmae=x"), "There is no such field."),
        (("--sheet", "May"), "The workbook has no such sheet."),
        (("--target", "rates"), "Must be one of customers."),
        (("--undo", "5"), "Give one of FILE, --resume ID and --undo ID."),
    ],
)
def test_what_makes_no_sense_ends_with_status_2_and_leaves_nothing(
    carriers: Path, arguments: tuple[str, ...], message: str
) -> None:
    carriers.write_text("Operator,Prepaid,Operator\nAcme,10.00,x\n")
    done = run(carriers, *arguments)
    assert (done.exit_code, message in done.output) == (2, True), done.output
    assert not Upload.objects.exists()
    assert not UploadPiece.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--undo", 987_654), "There is no such upload."),
        (("--resume", 987_654), "There is no such upload."),
        (("--undo", 1, "--user", "nobody"), "There is no user named nobody"),
    ],
)
def test_what_is_not_there_ends_with_status_1(admin: User, arguments: tuple[Any, ...], message: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.output) == (1, f"Error: {message}\n")


def test_a_file_that_is_no_table_is_refused_in_a_sentence(carriers: Path) -> None:
    carriers.write_bytes(b"%PDF-1.7\n")
    done = run(carriers)
    assert (done.exit_code, "\nError: This is a PDF" in done.output) == (1, True)
    assert not Upload.objects.exists()


def test_without_an_administrator_somebody_must_be_named(tmp_path: Path, staff: User) -> None:
    path = tmp_path / "carriers.csv"
    path.write_text(CARRIERS)
    done = run(path)
    message = "Error: There is no active administrator; name a user with --user\n"
    assert (done.exit_code, done.output) == (1, message)


def test_an_upload_that_is_finished_cannot_be_gone_on_with(carriers: Path) -> None:
    run(carriers, *MAPPED, "--set", "currency=EUR", "--rows", "good")
    upload = Upload.objects.get()
    done = run("--resume", upload.pk)
    assert (done.exit_code, done.output) == (
        1,
        f"Error: Upload {upload.pk} is applied: there is nothing to go on with\n",
    )


def test_an_interruption_says_how_to_go_on_and_how_to_take_it_back(
    carriers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linecard.importing.actions.checking.BLOCK_ROWS", 2)
    advance = UploadWork.advance

    def interrupted_after_a_block_is_written(work: UploadWork) -> bool:
        if Customer.objects.exists():
            raise KeyboardInterrupt
        return advance(work)

    monkeypatch.setattr(UploadWork, "advance", interrupted_after_a_block_is_written)
    done = run(carriers, *MAPPED, "--set", "currency=EUR", "--rows", "good")
    upload = Upload.objects.get()
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == (
        "Error: Stopped: 1 of 2 rows are written. A worker that runs goes on with it, and so does "
        f"`linecard import --resume {upload.pk}`; `linecard import --undo {upload.pk}` takes it back"
    )
    assert names() == ["Acme"]

    monkeypatch.setattr(UploadWork, "advance", advance)
    done = run("--resume", upload.pk)
    assert (done.exit_code, names()) == (1, ["Acme", "Cedar"])


def test_a_file_that_was_not_read_to_its_end_is_not_kept(
    carriers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linecard.importing.storage.PieceWriter.finish", interrupted)
    done = run(carriers)
    assert done.exit_code == 1
    assert done.output.endswith("Error: Stopped: the file was not kept, and nothing is written\n")
    assert not Upload.objects.exists()


def test_the_choices_are_those_of_a_plan() -> None:
    def choices(name: str) -> set[str]:
        (option,) = (option for option in import_file.params if option.name == name)
        assert isinstance(option.type, click.Choice)
        named = {"tab": "\t", "space": " ", "none": ""}
        return {named.get(str(choice), str(choice)) for choice in option.type.choices}

    plan = {
        "encoding": set(ENCODINGS),
        "delimiter": set(DELIMITERS),
        "decimal": set(DECIMALS),
        "thousands": set(THOUSANDS),
        "mode": set(Mode.values),
        "empty": set(Empty.values),
    }
    assert {name: choices(name) for name in plan} == plan
    assert choices("rows") == set(Rows.values)
    fields = schemas.HowToRead.model_fields
    assert {name: set(get_args(get_args(fields[name].annotation)[0])) for name in plan} == plan
