"""The work on uploads: cut off, done twice, done at once, taken back in the middle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from linecard.accounts import actions as accounts
from linecard.accounts.actor import UserActor, acting
from linecard.accounts.models import Reseller, User
from linecard.audit.models import AuditEntry
from linecard.customers.actions import create_customer
from linecard.customers.models import Customer, Meter
from linecard.importing import actions
from linecard.importing.models import Upload
from linecard.kernel.errors import Conflict
from tests.customers.uploads.conftest import MakeUpload, apply, check, undo, work


def many(count: int, name: str = "Carrier") -> str:
    """A file of so many customers."""
    return "Name,Currency\n" + "".join(f"{name} {number},EUR\n" for number in range(count))


def live() -> int:
    return Customer.objects.filter(archived_at=None).count()


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(
    make_upload: MakeUpload, by: UserActor
) -> None:
    upload = make_upload(many(50))
    actions.check_upload(upload_id=upload.pk, plan={}, by=by)
    assert actions.UploadWork(upload.pk).advance()  # forgets an earlier check
    assert actions.UploadWork(upload.pk).advance()  # the first block; then this worker is gone
    upload = work(upload)
    assert (upload.state, upload.rows, upload.good) == ("checked", 50, 50)

    actions.apply_upload(upload_id=upload.pk, by=by)
    assert actions.UploadWork(upload.pk).advance()
    assert 0 < live() < 50
    next_worker = actions.UploadWork(upload.pk)
    next_worker.cut_off()
    while next_worker.advance():
        pass

    upload.refresh_from_db()
    assert (upload.state, upload.applied) == ("applied", 50)
    assert (live(), Meter.objects.count()) == (50, 50)
    assert AuditEntry.objects.filter(action="customer.created").count() == 50


def test_it_takes_everything_back_after_a_crash_when_that_was_chosen(
    make_upload: MakeUpload, by: UserActor
) -> None:
    upload = check(make_upload(many(50)), by)
    actions.apply_upload(upload_id=upload.pk, by=by, after_crash="roll_back")
    assert actions.UploadWork(upload.pk).advance()
    written = live()
    assert written

    next_worker = actions.UploadWork(upload.pk)
    next_worker.cut_off()
    while next_worker.advance():
        pass

    upload.refresh_from_db()
    assert (upload.state, upload.undone, live()) == ("failed", written, 0)
    assert upload.problem == "The upload was cut off, and you chose that everything is then taken back."


def test_it_stops_when_its_user_is_deactivated_and_somebody_else_takes_it_back(
    make_upload: MakeUpload, by: UserActor, admin: User
) -> None:
    ada = acting(admin, via="form")
    upload = check(make_upload(many(50)), by)
    actions.apply_upload(upload_id=upload.pk, by=by)
    assert actions.UploadWork(upload.pk).advance()
    written = live()
    assert 0 < written < 50
    accounts.update_user(user_id=by.user.pk, by=ada, values={}, is_active=False)

    upload = work(upload)
    assert (upload.state, upload.applied, live()) == ("failed", written, written)
    assert upload.problem == (
        "Stella Staff is not active any more. "
        f"The work stopped: {written} rows are written and stay until somebody undoes the upload."
    )
    assert AuditEntry.objects.get(action="upload.failed").note.endswith(upload.problem)

    upload = undo(upload, ada)
    assert (upload.state, upload.undone, live()) == ("undone", written, 0)


@pytest.mark.parametrize("leaves", ["customers", "uploads"])
def test_it_stops_when_its_user_may_not_do_it_any_more(
    make_upload: MakeUpload, by: UserActor, admin: User, leaves: str
) -> None:
    upload = check(make_upload(many(50)), by)
    actions.apply_upload(upload_id=upload.pk, by=by)
    group = by.user.groups.get()
    permissions = {area: verbs for area, verbs in group.permissions.items() if area != leaves}
    accounts.update_group(group_id=group.pk, by=acting(admin, via="form"), permissions=permissions)

    upload = work(upload)
    assert (upload.state, live()) == ("failed", 0)
    assert upload.problem.startswith(f"None of your groups lets you add {leaves}.")


def test_it_writes_nothing_for_a_reseller_that_its_user_has_left(
    make_upload: MakeUpload, admin: User, north_user: User, south: Reseller
) -> None:
    nora = acting(north_user, via="form")
    upload = check(make_upload(many(50), actor=nora), nora)
    actions.apply_upload(upload_id=upload.pk, by=nora)
    accounts.update_user(user_id=north_user.pk, by=acting(admin, via="form"), values={}, reseller=south)

    upload = work(upload)
    assert (upload.state, upload.problem) == ("failed", "Nora North belongs to another reseller now.")
    assert live() == 0


def test_the_check_stops_when_its_user_is_deactivated(
    make_upload: MakeUpload, by: UserActor, admin: User
) -> None:
    upload = make_upload(many(50))
    actions.check_upload(upload_id=upload.pk, plan={}, by=by)
    accounts.update_user(user_id=by.user.pk, by=acting(admin, via="form"), values={}, is_active=False)
    upload = work(upload)
    assert (upload.state, upload.problem) == ("failed", "Stella Staff is not active any more.")


def test_a_block_that_fails_leaves_nothing_behind(
    make_upload: MakeUpload, by: UserActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction of a block holds all of it: a process that ends in the middle has written none of its rows."""
    from linecard.customers.actions import bulk

    upload = check(make_upload(many(100)), by)
    actions.apply_upload(upload_id=upload.pk, by=by)
    monkeypatch.setattr(bulk, "record_many", _end)

    with pytest.raises(KeyboardInterrupt):
        actions.UploadWork(upload.pk).advance()

    upload.refresh_from_db()
    assert (upload.applied, Customer.objects.count(), Meter.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert work(upload).applied == 100


def _end(**_: object) -> list[int]:
    raise KeyboardInterrupt


def test_a_name_taken_after_the_check_takes_the_whole_upload_back(
    make_upload: MakeUpload, by: UserActor
) -> None:
    upload = check(make_upload(many(45)), by)
    create_customer(values={"name": "carrier 44", "currency": "USD"}, by=by)

    upload = apply(upload, by)

    assert upload.state == "failed"
    assert upload.problem == (
        "Row 46: There is a customer named carrier 44 already. Nothing of the upload stays; check it again."
    )
    assert (upload.undone, live()) == (upload.applied, 1)
    # checked again it says so beforehand, and the others can be uploaded
    upload = check(upload, by)
    assert (upload.state, upload.good, upload.bad) == ("checked", 44, 1)
    assert apply(upload, by, rows="good").applied == 44
    assert live() == 45


def test_an_upload_is_stopped_and_taken_back_while_it_runs(make_upload: MakeUpload, by: UserActor) -> None:
    upload = check(make_upload(many(50)), by)
    actions.apply_upload(upload_id=upload.pk, by=by)
    worker = actions.UploadWork(upload.pk)
    assert worker.advance()

    actions.undo_upload(upload_id=upload.pk, by=by)
    while worker.advance():
        pass

    upload.refresh_from_db()
    assert (upload.state, live()) == ("undone", 0)
    with pytest.raises(Conflict):
        actions.apply_upload(upload_id=upload.pk, by=by)


def test_what_cannot_be_done_in_a_state_is_refused(make_upload: MakeUpload, by: UserActor) -> None:
    upload = make_upload(many(3))
    with pytest.raises(Conflict, match="This upload is uploaded"):
        actions.apply_upload(upload_id=upload.pk, by=by)
    with pytest.raises(Conflict):
        actions.undo_upload(upload_id=upload.pk, by=by)
    upload = apply(check(upload, by), by)
    for again in (
        lambda: actions.apply_upload(upload_id=upload.pk, by=by),
        lambda: actions.check_upload(upload_id=upload.pk, plan={}, by=by),
        lambda: actions.discard_upload(upload_id=upload.pk, by=by),
    ):
        with pytest.raises(Conflict):
            again()


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_of_the_same_names_never_mix(make_upload: MakeUpload, by: UserActor) -> None:
    first = check(make_upload(many(45), file_name="first.csv"), by)
    second = check(make_upload(many(45), file_name="second.csv"), by)
    start = Barrier(2)

    def upload(which: Upload) -> None:
        actions.apply_upload(upload_id=which.pk, by=by)
        start.wait(10)
        try:
            work(which)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(upload, which) for which in (first, second)]:
            done.result(60)

    states = sorted(Upload.objects.values_list("state", flat=True))
    if states == ["applied", "failed"]:
        assert live() == 45
    else:  # each took a block before the other: both gave way
        assert (states, live()) == (["failed", "failed"], 0)
    assert Meter.objects.count() == Customer.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_upload_do_nothing_twice(make_upload: MakeUpload, by: UserActor) -> None:
    upload = make_upload(many(90))
    actions.check_upload(upload_id=upload.pk, plan={}, by=by)

    def together() -> None:
        with ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(_work_and_close, upload.pk) for _ in range(2)]:
                done.result(60)

    together()
    upload.refresh_from_db()
    assert (upload.state, upload.rows, upload.good) == ("checked", 90, 90)
    actions.apply_upload(upload_id=upload.pk, by=by)
    together()
    upload.refresh_from_db()
    assert (upload.state, upload.applied, live()) == ("applied", 90, 90)


def _work_and_close(upload_id: int) -> None:
    try:
        going = actions.UploadWork(upload_id)
        while going.advance():
            pass
    finally:
        connection.close()
