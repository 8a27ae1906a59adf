"""The answers kept for ``Idempotency-Key``."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentResponse",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(max_length=128)),
                ("request", models.TextField()),
                ("body_hash", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=b"")),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "idempotent_response",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="idempotent_response_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", None),
                            models.Q(("status__gte", 200), ("status__lt", 300)),
                            _connector="OR",
                        ),
                        name="idempotent_response_success",
                    ),
                ],
            },
        ),
    ]
