"""Imports: send a file, have it checked, read what is wrong, apply it, undo it."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router, UploadedFile
from ninja.params.functions import File, Form

from linecard.accounts.api_auth import calling
from linecard.importing.actions import (
    apply_upload,
    check_upload,
    discard_upload,
    receive_file,
    undo_upload,
)
from linecard.importing.api import schemas
from linecard.importing.api.spelling import (
    spell_left,
    spell_new_upload,
    spell_problem,
    spell_upload,
    spell_upload_with_plan,
)
from linecard.importing.mending import bad_rows_file, bad_rows_name
from linecard.importing.models import Upload
from linecard.importing.queries import get_upload, left_alone, problems_of, visible_uploads
from linecard.importing.reading.problems import FileProblem
from linecard.kernel.errors import Invalid
from linecard.web.answers import Page, PageParameters, json_answer, no_content, page_of
from linecard.web.api_document import described
from linecard.web.idempotency import expect_pause
from linecard.web.streaming import streamed_file

router = Router(tags=["Imports"])

# A large workbook is read for long before the first of its rows can be stored.
CONVERSION_SECONDS = 180

_CSV = {200: {"description": "A CSV file.", "content": {"text/csv": {"schema": {"type": "string"}}}}}
_ALL_ROWS = schemas.HowToApply()


@router.get("/imports", response=schemas.Imports, summary="List imports")
def list_imports(request: HttpRequest, wanted: Query[PageParameters]) -> HttpResponse:
    """Those that you may see, newest first."""
    return page_of(visible_uploads(calling(request).user), wanted, spell_upload)


@router.post(
    "/imports",
    response={201: schemas.NewImport},
    summary="Send a file",
    openapi_extra=described(location=True),
)
def send_import(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="CSV (of any delimiter), or XLSX.")],
    target: Annotated[str, Form(description="What its rows are to become: `customers`.")],
) -> HttpResponse:
    """Nothing is written yet: the answer proposes how to read the file. Beyond 2 MB only with a token."""
    expect_pause(CONVERSION_SECONDS)
    try:
        upload = receive_file(
            target=target,
            file_name=file.name or "",
            portions=file.chunks(),
            by=calling(request),
            max_bytes=settings.MAX_UPLOAD_BYTES,
        )
    except FileProblem as problem:
        raise Invalid({"file": problem.detail}) from problem
    return json_answer(spell_new_upload(upload), 201, {"Location": f"{request.path}/{upload.pk}"})


@router.get("/imports/{int:import_id}", response=schemas.ImportDetail, summary="Read an import")
def read_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it has come, and what became of its rows."""
    return json_answer(spell_upload_with_plan(_upload(request, import_id)))


@router.delete("/imports/{int:import_id}", response={204: None}, summary="Forget an import")
def forget_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """The file and what was found in it. Possible until something is written."""
    discard_upload(upload_id=import_id, by=calling(request))
    return no_content()


@router.post(
    "/imports/{int:import_id}/check", response={202: schemas.Import}, summary="Check every row of the file"
)
def check_import(request: HttpRequest, import_id: int, payload: schemas.HowToRead) -> HttpResponse:
    """Writes nothing. Its job tells `rows`, `good` and `bad`. Possible again until something is written."""
    plan = {name: value for name, value in payload.given().items() if value is not None}
    if "constants" in plan:
        plan["constants"] = {name: _as_typed(value) for name, value in plan["constants"].items()}
    return _accepted(check_upload(upload_id=import_id, plan=plan, by=calling(request)))


@router.get(
    "/imports/{int:import_id}/errors",
    response=schemas.RowProblems,
    summary="Read what is wrong with the rows",
)
def read_import_errors(request: HttpRequest, import_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """In the order of the file. A row may have several."""
    return page_of(problems_of(_upload(request, import_id)), wanted, spell_problem)


@router.get(
    "/imports/{int:import_id}/errors.csv",
    response={200: None},
    summary="Download the bad rows",
    openapi_extra={"responses": _CSV},
)
def download_bad_rows(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """As in the file, with the reason in one more column: mend them, and send them alone."""
    upload = _upload(request, import_id)
    return streamed_file(
        request,
        bad_rows_file(upload),
        content_type="text/csv; charset=utf-8",
        file_name=bad_rows_name(upload),
    )


@router.post(
    "/imports/{int:import_id}/apply", response={202: schemas.Import}, summary="Write the checked rows"
)
def apply_import(
    request: HttpRequest, import_id: int, payload: schemas.HowToApply = _ALL_ROWS
) -> HttpResponse:
    """A row that can no longer be written has the whole import taken back: it fails, and `problem` says why."""
    upload = apply_upload(
        upload_id=import_id, rows=payload.rows, after_crash=payload.after_crash, by=calling(request)
    )
    return _accepted(upload)


@router.post("/imports/{int:import_id}/undo", response={202: schemas.Import}, summary="Take an import back")
def undo_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Also while it is being written. What somebody changed since is left alone."""
    return _accepted(undo_upload(upload_id=import_id, by=calling(request)))


@router.get(
    "/imports/{int:import_id}/left-alone",
    response=schemas.LeftRows,
    summary="Read what the undoing left alone",
)
def read_left_alone(request: HttpRequest, import_id: int, wanted: Query[PageParameters]) -> HttpResponse:
    """With the reason for each, in the order of the file."""
    upload = _upload(request, import_id)
    left = left_alone(upload, wanted.offset + wanted.limit)[wanted.offset :]
    return json_answer(Page(results=[spell_left(row) for row in left], total=upload.left))


def _upload(request: HttpRequest, upload_id: int) -> Upload:
    return get_upload(calling(request).user, upload_id)


def _accepted(upload: Upload) -> HttpResponse:
    return json_answer(spell_upload(upload), 202)


def _as_typed(value: Any) -> str:
    """A JSON value as it would stand in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
