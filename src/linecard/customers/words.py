"""The fixed words of the card: statuses, portal sections, contact types, pending states."""

from django.db import models
from django.utils.translation import gettext_noop


class Status(models.TextChoices):
    """Whether the customer may pass calls."""

    ACTIVE = "active", gettext_noop("Active")
    INACTIVE = "inactive", gettext_noop("Inactive")
    PENDING_APPROVAL = "pending_approval", gettext_noop("Pending approval")


class RtpFirewall(models.TextChoices):
    """Where media is accepted from: the signalled address alone, or wherever it really comes from."""

    LOCKED = "locked", gettext_noop("Locked")
    UNLOCKED = "unlocked", gettext_noop("Unlocked")


class ContactType(models.TextChoices):
    """What a contact is asked about."""

    GENERAL = "general", gettext_noop("General")
    TECHNICAL = "technical", gettext_noop("Technical")
    BILLING = "billing", gettext_noop("Billing")
    COMMERCIAL = "commercial", gettext_noop("Commercial")
    ABUSE = "abuse", gettext_noop("Fraud and abuse")


class ChangeState(models.TextChoices):
    """What became of a pending change."""

    WAITING = "waiting", gettext_noop("Waiting")
    APPLIED = "applied", gettext_noop("Applied")
    HELD = "held", gettext_noop("Held")
    CANCELLED = "cancelled", gettext_noop("Cancelled")
    FAILED = "failed", gettext_noop("Failed")


class BulkAction(models.TextChoices):
    """What is done to many cards at once."""

    EDIT = "edit", gettext_noop("Bulk edit")
    DELETE = "delete", gettext_noop("Delete")
    RESTORE = "restore", gettext_noop("Restore")


class BulkState(models.TextChoices):
    """How far work on many cards has come."""

    PLANNED = "planned", gettext_noop("Planned")
    QUEUED = "queued", gettext_noop("Queued")
    RUNNING = "running", gettext_noop("Running")
    DONE = "done", gettext_noop("Done")
    FAILED = "failed", gettext_noop("Failed")
    UNDOING = "undoing", gettext_noop("Undoing")
    UNDONE = "undone", gettext_noop("Undone")
    CANCELLED = "cancelled", gettext_noop("Cancelled")


class BulkOutcome(models.TextChoices):
    """What became of one of the cards."""

    CHANGED = "changed", gettext_noop("Changed")
    UNCHANGED = "unchanged", gettext_noop("Stayed as it was")
    REFUSED = "refused", gettext_noop("Refused")
    HELD = "held", gettext_noop("Held")
    UNDONE = "undone", gettext_noop("Taken back")
    LEFT = "left", gettext_noop("Left as it is")


# States in which a job is at work.
BULK_WORKING = (BulkState.QUEUED, BulkState.RUNNING, BulkState.UNDOING)
# States in which there is nothing more to do, unless a person asks for it.
BULK_ENDED = (BulkState.DONE, BulkState.FAILED, BulkState.UNDONE, BulkState.CANCELLED)
# The door through which changes of many cards come, in the history.
BULK = "bulk"

PORTAL_SECTIONS = {
    "balance": gettext_noop("Balance"),
    "cdr": gettext_noop("CDR"),
    "breakout": gettext_noop("Breakout"),
    "rates": gettext_noop("Rates"),
    "payments": gettext_noop("Payments"),
    "invoices": gettext_noop("Invoices"),
    "cli": gettext_noop("CLI"),
    "live_calls": gettext_noop("Live calls"),
    "statistics": gettext_noop("Statistics"),
    "documents": gettext_noop("Documents"),
}

# none, daily, weekly:1..7 (Monday is 1), monthly:1..28
INVOICE_SCHEDULE = r"^(none|daily|weekly:[1-7]|monthly:([1-9]|1[0-9]|2[0-8]))$"


def everything_shown() -> dict[str, bool]:
    """Portal access of a new card."""
    return dict.fromkeys(PORTAL_SECTIONS, True)
