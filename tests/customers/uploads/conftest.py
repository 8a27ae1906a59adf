"""Uploads that tests make, and the work on them done here and now."""

from collections.abc import Callable
from typing import Any

import pytest

from linecard.accounts.actor import UserActor
from linecard.importing import actions
from linecard.importing.actions import checking
from linecard.importing.models import Upload

MakeUpload = Callable[..., Upload]


def work(upload: Upload) -> Upload:
    """Do all the work that waits on an upload, as a worker would."""
    going = actions.UploadWork(upload.pk)
    while going.advance():
        pass
    upload.refresh_from_db()
    return upload


def check(upload: Upload, by: UserActor, **plan: Any) -> Upload:
    """Check an upload to the end."""
    return work(actions.check_upload(upload_id=upload.pk, plan=plan, by=by))


def apply(upload: Upload, by: UserActor, **choices: Any) -> Upload:
    """Apply an upload to the end."""
    return work(actions.apply_upload(upload_id=upload.pk, by=by, **choices))


def undo(upload: Upload, by: UserActor) -> Upload:
    """Take an upload back to the end."""
    return work(actions.undo_upload(upload_id=upload.pk, by=by))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, so that small files have several."""
    monkeypatch.setattr(checking, "BLOCK_ROWS", 20)
    monkeypatch.setattr(checking, "CHANGING_BLOCK_ROWS", 10)


@pytest.fixture
def make_upload(by: UserActor) -> MakeUpload:
    """Take in a file: ``make_upload(text)``."""

    def make(text: str | bytes, *, file_name: str = "customers.csv", actor: UserActor = by) -> Upload:
        content = text.encode() if isinstance(text, str) else text
        return actions.receive_file(target="customers", file_name=file_name, portions=[content], by=actor)

    return make
