"""The fixed words of an upload: its states, and the choices that somebody makes for it."""

from django.db import models


class UploadState(models.TextChoices):
    """How far an upload has come. ``receiving`` is one whose file is still on its way."""

    RECEIVING = "receiving", "Receiving"
    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Checking"
    CHECKED = "checked", "Checked"
    APPLYING = "applying", "Applying"
    APPLIED = "applied", "Applied"
    UNDOING = "undoing", "Undoing"
    UNDONE = "undone", "Undone"
    FAILED = "failed", "Failed"


# States in which a job is at work.
WORKING = (UploadState.CHECKING, UploadState.APPLYING, UploadState.UNDOING)
# States in which the mapping may still be changed, because nothing of the file has been written.
CHECKABLE = (UploadState.UPLOADED, UploadState.CHECKED, UploadState.FAILED)


class Mode(models.TextChoices):
    """What a row may do."""

    CREATE = "create", "Create only"
    UPSERT = "upsert", "Create, and update what is there"


class Empty(models.TextChoices):
    """What an empty cell says about a record that is there."""

    KEEP = "keep", "Leave the field alone"
    CLEAR = "clear", "Clear the field"


class Rows(models.TextChoices):
    """Which rows are applied."""

    ALL = "all", "All rows, or nothing"
    GOOD = "good", "Good rows only"


class AfterCrash(models.TextChoices):
    """What becomes of an upload that was cut off while it was applied."""

    RESUME = "resume", "Go on"
    ROLL_BACK = "roll_back", "Take everything back"


# The door through which an upload's changes come, in the history.
UPLOAD = "upload"
# What stands above the reasons in a file of bad rows.
REASON = "Reason"
