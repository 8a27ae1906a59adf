"""Files of what grids show, with a line in the audit log for each: who took how much of what along."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from linecard.accounts.actor import UserActor
from linecard.audit.trail import record
from linecard.kernel.clock import now
from linecard.web.grid import Export, ExportQuery, Screen, export_of
from linecard.web.sheets import Table, delimited, workbook
from linecard.web.streaming import streamed_file

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_export(
    request: HttpRequest, screen: Screen, rows: QuerySet[Any, Any], query: ExportQuery, *, by: UserActor
) -> StreamingHttpResponse:
    """A file of those of ``rows`` that the query asks for. Raises ``Invalid`` before any of it is sent."""
    export = export_of(screen.grid, rows, query)
    _note(screen, export, query, by)
    return streamed_file(
        request,
        _portions(screen, export, query),
        content_type=CONTENT_TYPES[query.format],
        file_name=f"{screen.grid.name}-{now():%Y-%m-%d}.{query.format}",
    )


def _portions(screen: Screen, export: Export, query: ExportQuery) -> Any:
    if query.format == "csv":
        return delimited(export.table, byte_order_mark=query.byte_order_mark)
    # the reader's zone is known here; where the portions are made, later, it is not
    zone = timezone.get_current_timezone()
    return workbook(
        Table(export.table.headings, export.table.rows),
        name=gettext(screen.many).capitalize(),
        zone=zone,
        expected_rows=export.rows or 0,
    )


def _note(screen: Screen, export: Export, query: ExportQuery, by: UserActor) -> None:
    told = query.model_dump(
        include={"format", "filter", "search", "selection", "group_by"}, exclude_defaults=True, by_alias=True
    )
    changes = {"grid": screen.grid.name, "rows": export.rows, **told}
    record(
        by=by,
        action="user.exported",
        subject_type="user",
        subject_id=by.user.pk,
        changes={name: (None, value) for name, value in changes.items() if value is not None},
    )
