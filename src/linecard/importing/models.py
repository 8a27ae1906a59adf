"""An upload: its file in pieces, what was found in it, and what it has done, block by block."""

from django.conf import settings
from django.db import models
from django.db.models import Func

from linecard.importing.words import AfterCrash, UploadState
from linecard.kernel.clock import now


class Upload(models.Model):
    """One file for one target. Its id is also that of its job.

    ``plan`` is how the file is read, as the API spells it; ``mark`` is where the work goes on after the last finished
    block. ``good`` and ``bad`` count checked rows that are not blank; ``makes`` of the good ones make a record.
    ``applied`` counts written rows, ``undone`` those taken back and ``left`` those left alone by the undoing.
    """

    id = models.BigIntegerField(
        primary_key=True, db_default=Func(template="nextval('job_id')", output_field=models.BigIntegerField())
    )
    target = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255)
    # in bytes; null until the whole file is there
    size = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.RECEIVING)
    # why it failed, or why it is being taken back
    problem = models.TextField(default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    reseller = models.ForeignKey("accounts.Reseller", models.PROTECT, null=True, related_name="+")
    # who asked for the work that is being done, or was done last
    acting = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    # the file is not kept for ever; what was written can still be taken back
    file_forgotten_at = models.DateTimeField(null=True)

    sniffed = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    after_crash = models.CharField(max_length=10, choices=AfterCrash, default=AfterCrash.RESUME)
    mark = models.JSONField(null=True)

    rows = models.BigIntegerField(default=0)
    good = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    makes = models.BigIntegerField(default=0)
    applied = models.BigIntegerField(default=0)
    undone = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)

    class Meta:
        db_table = "upload"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=UploadState.values), name="upload_state"),
        ]
        indexes = [
            models.Index(fields=["reseller", "-id"], name="upload_by_reseller"),
            models.Index(fields=["made_at", "id"], name="upload_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} (upload {self.pk})"

    @property
    def progress(self) -> int:
        """How much of the present work is done, in whole percent."""
        if self.state == UploadState.CHECKING:
            done, whole = (self.mark or {}).get("offset", 0), self.sniffed.get("rows_size") or self.size or 0
        elif self.state == UploadState.APPLYING:
            done, whole = self.applied, self.good
        elif self.state == UploadState.UNDOING:
            done, whole = self.undone + self.left, self.applied
        else:
            return 0 if self.state in (UploadState.RECEIVING, UploadState.UPLOADED) else 100
        return min(99, 100 * done // whole) if whole else 0


class UploadPiece(models.Model):
    """One mebibyte of an upload's file, or of the rows that its workbook was written out as."""

    class Part(models.TextChoices):
        """Which file the piece belongs to."""

        FILE = "file"
        ROWS = "rows"

    pk = models.CompositePrimaryKey("upload_id", "part", "number")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces", db_index=False)
    part = models.CharField(max_length=4, choices=Part)
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "upload_piece"

    def __str__(self) -> str:
        return f"piece {self.number} of upload {self.upload_id}"


class UploadBlock(models.Model):
    """Some records of the file that follow each other, checked, applied and undone in one transaction each.

    ``offset`` is where they begin, in bytes of the file that rows are read from. ``staged`` is what the good rows are
    to write, packed by ``storage.pack``: ``[[row, what], …]``. Once that is written, ``written`` is
    ``[[row, subject id, trace], …]``; the trace is the target's, for the undoing. ``left`` is
    ``[[row, subject id, label, reason], …]`` of what the undoing left alone.
    """

    pk = models.CompositePrimaryKey("upload_id", "first_row")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="blocks", db_index=False)
    first_row = models.BigIntegerField()
    last_row = models.BigIntegerField()
    offset = models.BigIntegerField()
    staged = models.BinaryField()
    written = models.JSONField(null=True)
    left = models.JSONField(null=True)

    class Meta:
        db_table = "upload_block"

    def __str__(self) -> str:
        return f"rows {self.first_row} to {self.last_row} of upload {self.upload_id}"


class UploadProblem(models.Model):
    """One thing wrong with one row. ``column`` counts from 1; null where the whole row is meant."""

    # written while the upload is locked: the database need not look a million times whether it is there
    upload = models.ForeignKey(
        Upload, models.CASCADE, related_name="problems", db_index=False, db_constraint=False
    )
    row = models.BigIntegerField()
    column = models.IntegerField(null=True)
    field = models.CharField(max_length=60)
    value = models.TextField()
    message = models.TextField()

    class Meta:
        db_table = "upload_problem"
        indexes = [models.Index(fields=["upload", "row", "id"], name="upload_problem_by_row")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.message}"


class UploadKey(models.Model):
    """A value that must be unique, and the first row of the file that has it."""

    pk = models.CompositePrimaryKey("upload_id", "field", "key")
    # as above
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    field = models.CharField(max_length=60)
    key = models.TextField()
    row = models.BigIntegerField()

    class Meta:
        db_table = "upload_key"

    def __str__(self) -> str:
        return f"{self.field} {self.key} in row {self.row}"


class RememberedMapping(models.Model):
    """How a file with these headings was read last: offered when such a file comes again."""

    target = models.CharField(max_length=40)
    reseller = models.ForeignKey("accounts.Reseller", models.CASCADE, null=True, related_name="+")
    # SHA-256 of the folded headings
    fingerprint = models.CharField(max_length=64)
    plan = models.JSONField()
    file_name = models.CharField(max_length=255)
    made_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "remembered_mapping"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "reseller", "fingerprint"],
                nulls_distinct=False,
                name="remembered_mapping_once",
            ),
        ]

    def __str__(self) -> str:
        return f"mapping of {self.file_name}"
