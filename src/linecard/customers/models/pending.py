"""Changes that wait for their time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from linecard.customers.models.card import Customer
from linecard.customers.words import ChangeState


class PendingChange(models.Model):
    """Values to be put on a card, or on the cards of a ``work``, at a time; or a card to be made then.

    ``values`` are the new values and ``expected`` the ones the fields had when this was asked for, both by field in
    the API's spelling. A card that has another value by then holds the change. ``revert_at`` makes the change
    temporary: applying it plans the opposite one, which points back through ``reverts``.
    """

    class Action(models.TextChoices):
        """What is done when the time comes."""

        UPDATE = "update", gettext_noop("Change")
        CREATE = "create", gettext_noop("New card")
        BULK = "bulk", gettext_noop("Bulk edit")

    action = models.CharField(max_length=10, choices=Action)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="pending_changes")
    work = models.OneToOneField(
        "customers.BulkWork", models.PROTECT, null=True, related_name="pending_change"
    )
    # whose cards this concerns; a new card has no row yet that could say it
    reseller = models.ForeignKey("accounts.Reseller", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.WAITING)
    values = models.JSONField()
    expected = models.JSONField(default=dict)
    run_at = models.DateTimeField()
    revert_at = models.DateTimeField(null=True)
    reverts = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversions")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    finished_by_name = models.TextField(default="")
    # why it is held or failed, for people: [{field, message}]
    problems = models.JSONField(default=list)

    class Meta:
        db_table = "pending_change"
        indexes = [
            models.Index(fields=["customer", "-id"], name="pending_change_of_customer"),
            models.Index(fields=["state", "run_at"], name="pending_change_due"),
            # the orders of the delay log
            models.Index(fields=["made_at", "id"], name="pending_change_by_plan"),
            models.Index(fields=["run_at", "id"], name="pending_change_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="pending_change_state"),
            models.CheckConstraint(
                condition=Q(action="create") | Q(customer__isnull=False) | Q(work__isnull=False),
                name="pending_change_customer",
            ),
            models.CheckConstraint(
                condition=Q(revert_at=None) | Q(revert_at__gt=models.F("run_at")),
                name="pending_change_reverts_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.run_at} ({self.state})"
