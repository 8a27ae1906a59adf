"""What is set for the whole installation: one row, so that it is read and changed as one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from linecard.kernel.clock import now


class InstallationSettings(models.Model):
    """The settings that differ from their defaults, by their dotted keys; ``secrets`` are sealed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.IntegerField(default=1)
    values = models.JSONField(default=dict)
    secrets = models.JSONField(default=dict)

    class Meta:
        db_table = "installation_settings"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_settings_one_row")]

    def __str__(self) -> str:
        return f"version {self.version}"


class PasswordRequest(models.Model):
    """Somebody said that they forgot a password. Kept for an hour, to bound how many emails that can cause."""

    asked_at = models.DateTimeField(default=now)
    address = models.CharField(max_length=45, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "password_request"
        indexes = [models.Index(fields=["asked_at"], name="password_request_asked_at")]

    def __str__(self) -> str:
        return f"from {self.address}"
