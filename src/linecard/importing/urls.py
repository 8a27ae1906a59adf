"""The pages of the importing room."""

from django.urls import path

from linecard.importing.views import list as listing
from linecard.importing.views import mapping, sending, upload

app_name = "importing"

_UPLOAD = "uploads/<int:upload_id>/"

urlpatterns = [
    path("uploads/", listing.uploads, name="list"),
    path("uploads/query/", listing.query_uploads, name="query"),
    path("uploads/new/", sending.new_upload, name="new"),
    path(_UPLOAD, upload.upload, name="upload"),
    path(f"{_UPLOAD}pieces/<int:number>/", sending.piece, name="piece"),
    path(f"{_UPLOAD}finish/", sending.finish, name="finish"),
    path(f"{_UPLOAD}abandon/", sending.abandon, name="abandon"),
    path(f"{_UPLOAD}mapping/", mapping.mapping, name="mapping"),
    path(f"{_UPLOAD}table/", mapping.table, name="table"),
    path(f"{_UPLOAD}check/", mapping.check, name="check"),
    path(f"{_UPLOAD}forget/", mapping.forget, name="forget"),
    path(f"{_UPLOAD}discard/", mapping.discard, name="discard"),
    path(f"{_UPLOAD}progress/", upload.progress, name="progress"),
    path(f"{_UPLOAD}apply/", upload.apply, name="apply"),
    path(f"{_UPLOAD}undo/", upload.undo, name="undo"),
    path(f"{_UPLOAD}bad-rows.csv", upload.bad_rows, name="bad-rows"),
]
