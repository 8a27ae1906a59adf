"""Files in forms, kept where a process that is killed leaves nothing behind."""

from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from linecard.web.bounded_bodies import was_cut_off


class UnnamedFiles(FileUploadHandler):
    """Keeps a small file in memory and a larger one on disk without a name: it is gone with the request."""

    def handle_raw_input(self, *args: Any, **values: Any) -> None:
        """Raises ``RequestDataTooBig`` for a form that was cut off: its last file would look complete."""
        if self.request is not None and was_cut_off(self.request):
            raise RequestDataTooBig("The request is longer than it may be.")

    def new_file(self, *args: Any, **values: Any) -> None:
        super().new_file(*args, **values)
        self.file: IO[bytes] = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if isinstance(self.file, BytesIO) and start + len(raw_data) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            begun, self.file = self.file, TemporaryFile()  # noqa: SIM115  the request closes it
            self.file.write(begun.getvalue())
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        self.file.close()
