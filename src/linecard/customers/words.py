"""The fixed words of the card: statuses, portal sections, contact types, pending states."""

from django.db import models


class Status(models.TextChoices):
    """Whether the customer may pass calls."""

    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Inactive"
    PENDING_APPROVAL = "pending_approval", "Pending approval"


class RtpFirewall(models.TextChoices):
    """Where media is accepted from: the signalled address alone, or wherever it really comes from."""

    LOCKED = "locked", "Locked"
    UNLOCKED = "unlocked", "Unlocked"


class ContactType(models.TextChoices):
    """What a contact is asked about."""

    GENERAL = "general", "General"
    TECHNICAL = "technical", "Technical"
    BILLING = "billing", "Billing"
    COMMERCIAL = "commercial", "Commercial"
    ABUSE = "abuse", "Fraud and abuse"


class ChangeState(models.TextChoices):
    """What became of a pending change."""

    WAITING = "waiting", "Waiting"
    APPLIED = "applied", "Applied"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class BulkAction(models.TextChoices):
    """What is done to many cards at once."""

    EDIT = "edit", "Bulk edit"
    DELETE = "delete", "Delete"
    RESTORE = "restore", "Restore"


class BulkState(models.TextChoices):
    """How far work on many cards has come."""

    PLANNED = "planned", "Planned"
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNDOING = "undoing", "Undoing"
    UNDONE = "undone", "Undone"
    CANCELLED = "cancelled", "Cancelled"


class BulkOutcome(models.TextChoices):
    """What became of one of the cards."""

    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Stayed as it was"
    REFUSED = "refused", "Refused"
    HELD = "held", "Held"
    UNDONE = "undone", "Taken back"
    LEFT = "left", "Left as it is"


# States in which a job is at work.
BULK_WORKING = (BulkState.QUEUED, BulkState.RUNNING, BulkState.UNDOING)
# States in which there is nothing more to do, unless a person asks for it.
BULK_ENDED = (BulkState.DONE, BulkState.FAILED, BulkState.UNDONE, BulkState.CANCELLED)
# The door through which changes of many cards come, in the history.
BULK = "bulk"

PORTAL_SECTIONS = {
    "balance": "Balance",
    "cdr": "CDR",
    "breakout": "Breakout",
    "rates": "Rates",
    "payments": "Payments",
    "invoices": "Invoices",
    "cli": "CLI",
    "live_calls": "Live calls",
    "statistics": "Statistics",
    "documents": "Documents",
}

# none, daily, weekly:1..7 (Monday is 1), monthly:1..28
INVOICE_SCHEDULE = r"^(none|daily|weekly:[1-7]|monthly:([1-9]|1[0-9]|2[0-8]))$"


def everything_shown() -> dict[str, bool]:
    """Portal access of a new card."""
    return dict.fromkeys(PORTAL_SECTIONS, True)
