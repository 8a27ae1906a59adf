"""Saved views, and which of them a bare address opens."""

from django.conf import settings
from django.db import models

MAX_NAME = 80
MAX_QUERY = 4_000


class SavedView(models.Model):
    """What the page of a grid shows: ``query`` are the parameters of its address (``status=active&sort=-name``).

    A shared view is seen by everybody on the side where it was shared: the operator's staff, or the users of
    ``reseller``. It stays with them when its owner goes to another side; a private one goes along.
    """

    grid = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=MAX_NAME)
    name_key = models.CharField(max_length=3 * MAX_NAME)
    query = models.CharField(max_length=MAX_QUERY, blank=True)
    shared = models.BooleanField(default=False)
    reseller = models.ForeignKey("accounts.Reseller", models.CASCADE, null=True, related_name="+")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "saved_view"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "grid", "name_key"],
                condition=models.Q(shared=False),
                name="saved_view_name_once",
            ),
            models.UniqueConstraint(
                fields=["owner", "grid", "name_key", "reseller"],
                condition=models.Q(shared=True),
                nulls_distinct=False,
                name="saved_view_name_once_on_side",
            ),
            models.CheckConstraint(condition=~models.Q(name_key=""), name="saved_view_has_name"),
            models.CheckConstraint(
                condition=models.Q(shared=True) | models.Q(reseller=None), name="saved_view_side_of_shared"
            ),
        ]
        indexes = [models.Index(fields=["grid"], condition=models.Q(shared=True), name="saved_view_shared")]

    def __str__(self) -> str:
        return self.name

    @property
    def etag(self) -> str:
        """Changes with what a person edits."""
        return f'"{self.pk}-{self.version}"'


class DefaultView(models.Model):
    """The view that a bare address of a grid opens: for one user, or for a whole side where ``user`` is null.

    ``reseller`` is the side; null is the operator's staff.
    """

    grid = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    reseller = models.ForeignKey("accounts.Reseller", models.CASCADE, null=True, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="defaults")

    class Meta:
        db_table = "default_view"
        constraints = [
            models.UniqueConstraint(
                fields=["grid", "user"], condition=models.Q(user__isnull=False), name="default_view_of_user"
            ),
            models.UniqueConstraint(
                fields=["grid", "reseller"],
                condition=models.Q(user=None),
                nulls_distinct=False,
                name="default_view_of_side",
            ),
            models.CheckConstraint(
                condition=models.Q(user=None) | models.Q(reseller=None), name="default_view_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.view} on {self.grid}"
