"""What is no longer needed of uploads, removed in short transactions."""

from datetime import timedelta

from linecard.importing.models import Upload, UploadBlock
from linecard.importing.words import WORKING, UploadState
from linecard.kernel.clock import now
from linecard.web.database import delete_some

# A file that stopped coming is not waited for.
RECEIVING_KEPT = timedelta(days=1)
# A file, and what a check found in it. What an upload has written can be taken back for longer.
FILE_KEPT = timedelta(days=30)


def forget_old_uploads() -> int:
    """Forget files that stopped coming, were never applied, or were applied long ago. Returns how many uploads."""
    stopped = Upload.objects.filter(state=UploadState.RECEIVING, made_at__lt=now() - RECEIVING_KEPT)
    old = Upload.objects.filter(made_at__lt=now() - FILE_KEPT, file_forgotten_at=None)
    old = old.exclude(state__in=(UploadState.RECEIVING, *WORKING))
    forgotten = 0
    for upload in stopped.union(old).order_by("id"):
        forget_upload(upload)
        forgotten += 1
    return forgotten


def forget_upload(upload: Upload) -> None:
    """Forget the file of an upload; all of it, unless it has written something that can still be taken back."""
    for table in ("upload_piece", "upload_key", "upload_problem"):
        while not delete_some(table, "upload_id", upload.pk):
            pass
    if not upload.applied:
        upload.delete()
        return
    UploadBlock.objects.filter(upload=upload, written__isnull=True).delete()
    UploadBlock.objects.filter(upload=upload).update(staged=b"")
    upload.file_forgotten_at = now()
    upload.save(update_fields=["file_forgotten_at"])
