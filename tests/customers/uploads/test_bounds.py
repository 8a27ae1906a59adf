"""What uploads may cost: files of huge rows, and small files that change a great deal."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from linecard.accounts.actor import UserActor
from linecard.customers.actions import create_customer
from linecard.customers.models import Customer
from linecard.customers.uploads.fields import UPLOAD_FIELDS
from linecard.importing import queries
from linecard.importing.actions import checking, discard_upload
from linecard.importing.cleaning import Cleaner
from linecard.importing.models import Upload, UploadBlock, UploadPiece, UploadProblem
from linecard.importing.reading.delimited import Format
from tests.customers.uploads.conftest import MakeUpload, apply, check, undo

MIB = 1024 * 1024


def peak(do: Callable[[], object]) -> int:
    """The most memory that something takes, in bytes."""
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def huge_rows(count: int) -> str:
    """A file of bad rows with nearly a million characters each."""
    headings = ["Name", "Currency", *(f"Column {number}" for number in range(10))]
    row = ",".join(["ZZZ", *["x" * 99_000] * 9, ""])
    return ",".join(headings) + "\n" + "".join(f"Carrier {number},{row}\n" for number in range(count))


def test_the_bad_rows_of_a_file_of_huge_rows_are_read_a_few_at_a_time(
    make_upload: MakeUpload, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "BLOCK_CHARACTERS", 1_000_000)
    monkeypatch.setattr(queries, "MAX_CHARACTERS", 1_000_000)
    upload = check(make_upload(huge_rows(6)), by, mapping={"1": "name", "2": "currency"})
    problems_of = queries.problems_of
    asked: list[int] = []

    def count(of: Upload) -> Any:
        asked.append(of.pk)
        return problems_of(of)

    monkeypatch.setattr(queries, "problems_of", count)
    assert [row.number for row in queries.bad_rows(upload)] == [2, 3, 4, 5, 6, 7]
    assert len(asked) == 3


def test_of_huge_rows_fewer_are_shown(make_upload: MakeUpload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MAX_CHARACTERS", 2_000_000)
    assert len(queries.first_rows(make_upload(huge_rows(5)), Format())) == 4
    upload = make_upload("Name,Currency\n" + "Acme,EUR\n" * 200)
    assert len(queries.first_rows(upload, Format())) == 100


def test_long_texts_are_not_remembered() -> None:
    cleaner = Cleaner(UPLOAD_FIELDS)

    def clean_many() -> None:
        for number in range(200):
            cleaner.clean("vars", f"a = '{number:06} {'x' * 50_000}'")

    assert peak(clean_many) < 5 * MIB


def test_a_short_file_that_clears_long_values_is_done_in_small_blocks(
    make_upload: MakeUpload, by: UserActor
) -> None:
    count = checking.CHANGING_BLOCK_ROWS * 2 + 1
    for number in range(count):
        values = {"name": f"Carrier {number}", "currency": "EUR", "vars": f"a = '{'x' * 5000}'"}
        create_customer(by=by, values=values)
    file = "Name,Vars\n" + "".join(f"Carrier {number},\n" for number in range(count))
    upload = check(make_upload(file), by, mode="upsert", key="name", empty="clear")
    assert (upload.good, UploadBlock.objects.count()) == (count, 3)

    assert apply(upload, by).applied == count
    assert not Customer.objects.exclude(vars="").exists()
    assert undo(upload, by).undone == count
    assert not Customer.objects.filter(vars="").exists()


def test_discarding_leaves_nothing_behind(make_upload: MakeUpload, by: UserActor) -> None:
    upload = check(make_upload("Name,Currency\nAcme,EUR\nBirch,EUR\nBirch,EUR\n"), by)
    discard_upload(upload_id=upload.pk, by=by)
    for model in (Upload, UploadPiece, UploadBlock, UploadProblem):
        assert not model._default_manager.exists()
