"""The fixed words of an upload: its states, and the choices that somebody makes for it."""

from django.db import models
from django.utils.translation import gettext_noop


class UploadState(models.TextChoices):
    """How far an upload has come. ``receiving`` is one whose file is still on its way."""

    RECEIVING = "receiving", gettext_noop("Receiving")
    UPLOADED = "uploaded", gettext_noop("Uploaded")
    CHECKING = "checking", gettext_noop("Checking")
    CHECKED = "checked", gettext_noop("Checked")
    APPLYING = "applying", gettext_noop("Applying")
    APPLIED = "applied", gettext_noop("Applied")
    UNDOING = "undoing", gettext_noop("Undoing")
    UNDONE = "undone", gettext_noop("Undone")
    FAILED = "failed", gettext_noop("Failed")


# States in which a job is at work.
WORKING = (UploadState.CHECKING, UploadState.APPLYING, UploadState.UNDOING)
# States in which the mapping may still be changed, because nothing of the file has been written.
CHECKABLE = (UploadState.UPLOADED, UploadState.CHECKED, UploadState.FAILED)


class Mode(models.TextChoices):
    """What a row may do."""

    CREATE = "create", gettext_noop("Create only")
    UPSERT = "upsert", gettext_noop("Create, and update what is there")


class Empty(models.TextChoices):
    """What an empty cell says about a record that is there."""

    KEEP = "keep", gettext_noop("Leave the field alone")
    CLEAR = "clear", gettext_noop("Clear the field")


class Rows(models.TextChoices):
    """Which rows are applied."""

    ALL = "all", gettext_noop("All rows, or nothing")
    GOOD = "good", gettext_noop("Good rows only")


class AfterCrash(models.TextChoices):
    """What becomes of an upload that was cut off while it was applied."""

    RESUME = "resume", gettext_noop("Go on")
    ROLL_BACK = "roll_back", gettext_noop("Take everything back")


# The door through which an upload's changes come, in the history.
UPLOAD = "upload"
# What stands above the reasons in a file of bad rows.
REASON = gettext_noop("Reason")
