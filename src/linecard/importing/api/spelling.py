"""Uploads as the API's JSON objects."""

from typing import Any

from linecard.accounts.models import User
from linecard.importing.models import Upload, UploadProblem
from linecard.importing.queries import first_rows, visible_uploads
from linecard.importing.reading.delimited import Format
from linecard.importing.target import LeftAlone
from linecard.web import jobs

Json = dict[str, Any]

KIND = "import"
SAMPLE_ROWS = 20
MAX_SAMPLE_CELL = 300


def spell_upload(upload: Upload) -> Json:
    """An upload and what became of its rows."""
    return {
        **jobs.spell(upload),
        "target": upload.target,
        "file_name": upload.file_name,
        "size": upload.size,
        "rows": upload.rows,
        "good": upload.good,
        "bad": upload.bad,
        "creates": upload.makes,
        "applied": upload.applied,
        "undone": upload.undone,
        "left_alone": upload.left,
    }


def spell_upload_with_plan(upload: Upload) -> Json:
    """An upload, what its file looks like and how it is read."""
    optional: Json = {"sheets": [], "sheet": None, "remembered": None}
    sniffed = {name: value for name, value in upload.sniffed.items() if name != "rows_size"}
    plan = {**upload.plan, **{name: upload.plan.get(name) or None for name in ("sheet", "key")}}
    return {**spell_upload(upload), "sniffed": {**optional, **sniffed}, "plan": plan}


def spell_new_upload(upload: Upload) -> Json:
    """An upload with its file's first rows."""
    file_format = Format(upload.sniffed["encoding"], upload.sniffed["delimiter"])
    rows = first_rows(upload, file_format, SAMPLE_ROWS)
    sample = [[cell[:MAX_SAMPLE_CELL] for cell in row.cells] for row in rows]
    return {**spell_upload_with_plan(upload), "sample": sample}


def spell_problem(problem: UploadProblem) -> Json:
    """One thing wrong with one row."""
    return {
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
    }


def spell_left(left: LeftAlone) -> Json:
    """What the undoing did not touch."""
    return {"row": left.row, "id": left.subject_id, "label": left.label, "reason": left.reason}


def find_import_job(user: User, job_id: int) -> Json | None:
    """The upload of that id as a job."""
    upload = visible_uploads(user).filter(pk=job_id).first()
    return None if upload is None else {"kind": KIND, **spell_upload(upload)}
