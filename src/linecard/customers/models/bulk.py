"""Work on many cards at once: what was asked for, on which cards, and what became of each."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext, ngettext

from linecard.customers.words import BulkAction, BulkOutcome, BulkState
from linecard.kernel.clock import now
from linecard.kernel.regional import shown_number


class BulkWork(models.Model):
    """One action on many cards. Its id is also that of its job.

    ``changes`` are those of a bulk edit, as the API takes them. ``archive`` says that a delete puts away cards that
    their guards would keep. ``mark`` is the number of the last block that was carried out, ``undo_mark`` the id of
    the last card that was looked at to be taken back.
    """

    id = models.BigIntegerField(
        primary_key=True, db_default=Func(template="nextval('job_id')", output_field=models.BigIntegerField())
    )
    action = models.CharField(max_length=10, choices=BulkAction)
    changes = models.JSONField(default=dict)
    archive = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.QUEUED)
    # whose users may know of it; none for the operator's own
    reseller = models.ForeignKey("accounts.Reseller", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # in whose name the present work is done
    acting = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    # what became of each card is not kept for ever; without it nothing can be taken back
    forgotten_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    mark = models.IntegerField(default=0)
    undo_mark = models.BigIntegerField(default=0)
    total = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    left = models.IntegerField(default=0)

    class Meta:
        db_table = "bulk_work"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BulkState.values), name="bulk_work_state"),
            models.CheckConstraint(condition=Q(action__in=BulkAction.values), name="bulk_work_action"),
        ]

    def __str__(self) -> str:
        told = ngettext("{action} of {number} customer", "{action} of {number} customers", self.total)
        return told.format(action=gettext(self.get_action_display()), number=shown_number(self.total))

    @property
    def progress(self) -> int:
        """How much of the present work is done, in whole percent; 100 is finished."""
        if self.state == BulkState.UNDOING:
            return 100 * (self.undone + self.left) // max(self.changed, 1)
        if self.state in (BulkState.PLANNED, BulkState.QUEUED, BulkState.RUNNING):
            done = self.changed + self.unchanged + self.refused + self.held
            return min(99, 100 * done // max(self.total, 1))
        return 100


class BulkBlock(models.Model):
    """Some of the cards, in the order of their ids, done in one transaction.

    ``versions`` are those that the cards had when later work was planned: what was changed since is held.
    """

    pk = models.CompositePrimaryKey("work_id", "number")
    # written while the work is locked, or with it: the database need not look whether it is there
    work = models.ForeignKey(BulkWork, models.CASCADE, related_name="blocks", db_index=False)
    number = models.IntegerField()
    ids = ArrayField(models.BigIntegerField())
    versions = ArrayField(models.IntegerField(), null=True)

    class Meta:
        db_table = "bulk_block"

    def __str__(self) -> str:
        return f"block {self.number} of work {self.work_id}"


class BulkResult(models.Model):
    """What became of one card: ``entry_id`` is the audit entry of its change, ``reason`` why it was not changed."""

    pk = models.CompositePrimaryKey("work_id", "customer_id")
    # copied a block at a time while the work is locked, of cards that are never deleted
    work = models.ForeignKey(
        BulkWork, models.CASCADE, related_name="results", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    outcome = models.CharField(max_length=10, choices=BulkOutcome)
    entry_id = models.BigIntegerField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "bulk_result"

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.outcome}"
