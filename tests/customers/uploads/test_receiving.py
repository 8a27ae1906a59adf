"""Files that come: in pieces, whole, cut off, remembered and forgotten."""

from datetime import timedelta

import pytest

from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import User
from linecard.customers.models import Customer
from linecard.importing import actions
from linecard.importing.actions.forgetting import forget_old_uploads
from linecard.importing.models import Upload, UploadBlock, UploadPiece
from linecard.importing.queries import get_upload, rows_window, visible_uploads
from linecard.importing.reading.problems import FileProblem
from linecard.importing.storage import PIECE_BYTES, portions
from linecard.kernel.clock import now
from linecard.kernel.errors import Conflict, Invalid, NotFound
from tests.customers.uploads.conftest import MakeUpload, apply, check, undo


def begin(content: bytes, by: UserActor) -> Upload:
    return actions.begin_upload(target="customers", file_name="big.csv", size=len(content), by=by)


def big_file() -> bytes:
    """A little more than two pieces."""
    return b"Name,Currency\n" + b"".join(b"Carrier %07d,EUR\n" % n for n in range(2 * PIECE_BYTES // 20))


def test_pieces_come_in_any_order_and_twice(by: UserActor) -> None:
    content = big_file()
    upload = begin(content, by)
    pieces = [content[start : start + PIECE_BYTES] for start in range(0, len(content), PIECE_BYTES)]
    assert actions.piece_count(len(content)) == len(pieces) == 3

    for number in (2, 0, 2):
        actions.receive_piece(upload_id=upload.pk, number=number, content=pieces[number], by=by)
    with pytest.raises(Conflict, match="Not all of the file"):
        actions.finish_upload(upload_id=upload.pk, by=by)
    assert not visible_uploads(by.user).exists()
    actions.receive_piece(upload_id=upload.pk, number=1, content=pieces[1], by=by)
    upload = actions.finish_upload(upload_id=upload.pk, by=by)

    assert (upload.state, upload.size) == ("uploaded", len(content))
    assert b"".join(portions(upload)) == content


def test_pieces_of_the_wrong_size_or_by_somebody_else_are_refused(by: UserActor, admin: User) -> None:
    upload = begin(b"Name,Currency\nAcme,EUR\n", by)
    for number, content in ((0, b"short"), (1, b""), (-1, b"x")):
        with pytest.raises(Invalid):
            actions.receive_piece(upload_id=upload.pk, number=number, content=content, by=by)
    other = acting(admin, via="form")
    with pytest.raises(NotFound):
        actions.receive_piece(upload_id=upload.pk, number=0, content=b"x", by=other)
    with pytest.raises(NotFound):
        actions.finish_upload(upload_id=upload.pk, by=other)


@pytest.mark.parametrize(("size", "message"), [(0, "The file is empty."), (2**40, "The file is too large")])
def test_a_size_that_cannot_be_is_refused_beforehand(by: UserActor, size: int, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        actions.begin_upload(target="customers", file_name="x.csv", size=size, by=by)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(make_upload: MakeUpload) -> None:
    for content in (b"%PDF-1.7 ...", b"", b"\x7fELF" + bytes(range(256)) * 20):
        with pytest.raises((FileProblem, Invalid)):
            make_upload(content)
    assert (Upload.objects.count(), UploadPiece.objects.count()) == (0, 0)


def test_a_file_that_stops_coming_leaves_nothing_behind(by: UserActor) -> None:
    def cut_off() -> object:
        yield b"Name,Currency\n" * PIECE_BYTES
        raise ConnectionError

    with pytest.raises(ConnectionError):
        actions.receive_file(target="customers", file_name="x.csv", portions=cut_off(), by=by)  # type: ignore[arg-type]
    assert (Upload.objects.count(), UploadPiece.objects.count()) == (0, 0)


def test_the_mapping_of_a_heading_row_is_remembered_until_forgotten(
    make_upload: MakeUpload, by: UserActor, north_user: User
) -> None:
    file = "Firm;Money\nAcme;EUR\n"
    first = make_upload(file, file_name="first.csv")
    assert first.plan["mapping"] == {}
    check(first, by, mapping={1: "name", 2: "currency"}, constants={"tags": "gold"}, decimal=",")

    # other values, other case and punctuation, titles above: the headings are the same
    again = make_upload("Our list\n\nFIRM ,Money.\nBravo,USD\nDelta,USD\n")
    assert again.sniffed["remembered"]["file_name"] == "first.csv"
    assert (again.plan["mapping"], again.plan["constants"], again.plan["decimal"]) == (
        {"1": "name", "2": "currency"},
        {"tags": "gold"},
        ",",
    )
    assert (again.plan["delimiter"], again.plan["start_row"]) == (",", 4)
    nora = acting(north_user, via="form")
    assert "remembered" not in make_upload(file, actor=nora).sniffed

    actions.forget_mapping(upload_id=again.pk, by=by)
    assert make_upload(file).plan["mapping"] == {}


def test_uploads_are_seen_by_those_of_the_same_reseller(
    make_upload: MakeUpload, by: UserActor, north_user: User, south_user: User
) -> None:
    theirs = make_upload("Name,Currency\nAcme,EUR\n", actor=acting(north_user, via="form"))
    own = make_upload("Name,Currency\nAcme,EUR\n")

    assert list(visible_uploads(by.user)) == [own, theirs]
    assert list(visible_uploads(north_user)) == [theirs]
    assert list(visible_uploads(south_user)) == []
    sam = acting(south_user, via="form")
    for attempt in (
        lambda: get_upload(south_user, theirs.pk),
        lambda: actions.check_upload(upload_id=theirs.pk, plan={}, by=sam),
        lambda: actions.apply_upload(upload_id=theirs.pk, by=sam),
        lambda: actions.undo_upload(upload_id=theirs.pk, by=sam),
        lambda: actions.discard_upload(upload_id=theirs.pk, by=sam),
        lambda: actions.forget_mapping(upload_id=theirs.pk, by=sam),
        lambda: actions.choose_sheet(upload_id=theirs.pk, sheet="x", by=sam),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_old_files_are_forgotten_and_what_they_wrote_can_still_be_undone(
    make_upload: MakeUpload, by: UserActor
) -> None:
    file = "Name,Currency\nAcme,EUR\nBravo,\n"
    applied = apply(check(make_upload(file), by), by, rows="good")
    never_applied = check(make_upload(file), by)
    stopped = begin(b"never came", by)
    fresh = make_upload(file)
    long_ago = now() - timedelta(days=31)
    Upload.objects.filter(pk__in=[applied.pk, never_applied.pk, stopped.pk]).update(made_at=long_ago)

    assert forget_old_uploads() == 3
    assert forget_old_uploads() == 0

    assert set(Upload.objects.all()) == {applied, fresh}
    assert set(UploadPiece.objects.values_list("upload", flat=True)) == {fresh.pk}
    applied.refresh_from_db()
    with pytest.raises(Conflict, match="no longer kept"):
        rows_window(applied, 1)
    assert bytes(UploadBlock.objects.get(upload=applied).staged) == b""
    assert undo(applied, by).undone == 1
    assert Customer.objects.get().is_archived
