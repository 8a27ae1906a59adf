"""What a person asks for: check it, upload it to the server, take it back. The work itself is done by jobs."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, ngettext
from procrastinate.contrib.django import app

from linecard.accounts.actor import UserActor
from linecard.audit.trail import record
from linecard.importing.actions.receiving import choose_sheet
from linecard.importing.models import Upload
from linecard.importing.plan import read_plan, stored_plan
from linecard.importing.proposing import remember_mapping
from linecard.importing.queries import first_rows, get_upload, lock_upload
from linecard.importing.reading.delimited import Format
from linecard.importing.target import Target, target_named
from linecard.importing.words import CHECKABLE, AfterCrash, Rows, UploadState
from linecard.kernel.errors import Conflict, Invalid
from linecard.kernel.regional import shown_number

WORK_TASK = "importing.work"
SUBJECT = "upload"


def check_upload(*, upload_id: int, plan: Mapping[str, Any], by: UserActor) -> Upload:
    """Begin to check every row of the file as ``plan`` says (see ``Plan``; what is left out is as proposed).

    Raises ``NotFound``, ``Conflict`` once it is applied, and ``Invalid`` with fields such as ``mapping.3``.
    """
    by.require("uploads", "create")
    upload = get_upload(by.user, upload_id)
    _require_state(upload, *CHECKABLE, UploadState.CHECKING)
    if plan.get("sheet"):
        upload = choose_sheet(upload_id=upload_id, sheet=plan["sheet"], by=by)
    target = target_of(upload)
    proposed, sniffed = upload.plan, upload.sniffed
    columns = _count_columns(upload, {**proposed, **plan})
    chosen = read_plan(
        plan,
        proposed=proposed,
        fields=target.fields,
        required=target.required,
        keys=target.keys,
        columns=columns,
    )
    for area, verb in target.needs(chosen):
        by.require(area, verb)
    with transaction.atomic():
        upload = lock_upload(by.user, upload_id)
        _require_state(upload, *CHECKABLE, UploadState.CHECKING)
        if upload.sniffed != sniffed:
            raise Conflict(gettext("Somebody else has changed how this file is read; look at it again."))
        if upload.applied > upload.undone:
            raise Conflict(
                gettext("Some of this upload could not be taken back; it cannot be checked again.")
            )
        upload.plan = chosen.as_json()
        upload.mark = None
        _begin(upload, UploadState.CHECKING, by)
        remember_mapping(upload)
    return upload


def apply_upload(
    *,
    upload_id: int,
    by: UserActor,
    rows: str = Rows.ALL,
    after_crash: str = AfterCrash.RESUME,
) -> Upload:
    """Begin to write the rows that were found good. Raises ``NotFound``, ``Conflict`` and ``Invalid``.

    ``rows="all"`` is refused while some are bad. ``after_crash`` says what becomes of it if it is cut off.
    """
    by.require("uploads", "create")
    errors = {}
    if rows not in Rows.values:
        errors["rows"] = gettext("Must be one of {names}.").format(names=", ".join(Rows.values))
    if after_crash not in AfterCrash.values:
        errors["after_crash"] = gettext("Must be one of {names}.").format(names=", ".join(AfterCrash.values))
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        upload = lock_upload(by.user, upload_id)
        _require_state(upload, UploadState.CHECKED)
        for area, verb in target_of(upload).needs(stored_plan(upload.plan)):
            by.require(area, verb)
        if rows == Rows.ALL and upload.bad:
            bad = ngettext("{count} row is bad", "{count} rows are bad", upload.bad).format(
                count=shown_number(upload.bad)
            )
            raise Conflict(gettext("{bad}. Mend the file, or upload the good rows only.").format(bad=bad))
        if not upload.good:
            raise Conflict(gettext("No row is good; there is nothing to upload."))
        upload.after_crash = after_crash
        _begin(upload, UploadState.APPLYING, by)
    return upload


def undo_upload(*, upload_id: int, by: UserActor) -> Upload:
    """Begin to take back what an upload has written, also while it is being written.

    Raises ``NotFound``, and ``Conflict`` where there is nothing to take back.
    """
    by.require("uploads", "delete")
    with transaction.atomic():
        upload = lock_upload(by.user, upload_id)
        if upload.state != UploadState.FAILED or upload.applied <= upload.undone + upload.left:
            _require_state(upload, UploadState.APPLIED, UploadState.APPLYING)
        upload.problem = ""
        _begin(upload, UploadState.UNDOING, by)
    return upload


def target_of(upload: Upload) -> Target:
    """The target of an upload. Raises ``Conflict`` when the program no longer offers it."""
    target = target_named(upload.target)
    if target is None:
        raise Conflict(gettext("Uploads of {target} are no longer offered.").format(target=upload.target))
    return target


def schedule_work(upload_id: int) -> None:
    """Have a worker go on with an upload, once the present transaction is committed."""
    app.configure_task(WORK_TASK, queue="uploads").defer(upload_id=upload_id)


def _begin(upload: Upload, state: UploadState, by: UserActor) -> None:
    upload.state = state
    upload.acting = by.user
    upload.finished_at = None
    if state != UploadState.UNDOING:
        upload.problem = ""
    upload.save()
    record(
        by=by,
        action=f"upload.{state.value}",
        subject_type=SUBJECT,
        subject_id=upload.pk,
        note=upload.file_name,
    )
    schedule_work(upload.pk)


def _require_state(upload: Upload, *states: str) -> None:
    if upload.state not in states:
        raise Conflict(
            gettext("This upload is {state}; that is not possible now.").format(
                state=gettext(upload.get_state_display()).lower()
            )
        )


def _count_columns(upload: Upload, plan: Mapping[str, Any]) -> int:
    """How many columns the file has when it is read as the plan says."""
    if plan["encoding"] == upload.sniffed["encoding"] and plan["delimiter"] == upload.sniffed["delimiter"]:
        return int(upload.sniffed["columns"])
    file_format = Format(str(plan["encoding"]), str(plan["delimiter"]))
    return max((len(row.cells) for row in first_rows(upload, file_format)), default=0)
