"""Answers kept for a while, so that a repeated request is answered again instead of carried out again."""

import uuid

from django.conf import settings
from django.db import models


class IdempotentResponse(models.Model):
    """What a write with an ``Idempotency-Key`` was answered; one row for a user and key.

    ``request`` is method and address, ``body_hash`` the SHA-256 of the body in hexadecimal: the same key with
    another request is a mistake of the client. ``status`` is null only inside the transaction that is still
    at work, so nobody else ever sees it so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    request = models.TextField()
    body_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "idempotent_response"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotent_response_once"),
            models.CheckConstraint(
                condition=models.Q(status=None) | models.Q(status__gte=200, status__lt=300),
                name="idempotent_response_success",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} ({self.key})"
