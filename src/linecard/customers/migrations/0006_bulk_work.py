"""Work on many cards at once, also later."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import linecard.kernel.clock

_ACTIONS = [("edit", "Bulk edit"), ("delete", "Delete"), ("restore", "Restore")]
_STATES = [
    ("planned", "Planned"),
    ("queued", "Queued"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("undoing", "Undoing"),
    ("undone", "Undone"),
    ("cancelled", "Cancelled"),
]
_OUTCOMES = [
    ("changed", "Changed"),
    ("unchanged", "Stayed as it was"),
    ("refused", "Refused"),
    ("held", "Held"),
    ("undone", "Taken back"),
    ("left", "Left as it is"),
]


def _of_work(related_name: str, *, constrained: bool) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        db_constraint=constrained,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="customers.bulkwork",
    )


def _user() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """Adds three tables, and pending changes that are about many cards."""

    dependencies = [
        ("accounts", "0004_sign_in"),
        ("customers", "0005_announce_cards"),
        ("web", "0002_job_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkWork",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        db_default=models.Func(
                            output_field=models.BigIntegerField(), template="nextval('job_id')"
                        ),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("action", models.CharField(choices=_ACTIONS, max_length=10)),
                ("changes", models.JSONField(default=dict)),
                ("archive", models.BooleanField(default=False)),
                ("state", models.CharField(choices=_STATES, default="queued", max_length=10)),
                (
                    "reseller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.reseller",
                    ),
                ),
                ("made_by", _user()),
                ("acting", _user()),
                ("made_at", models.DateTimeField(default=linecard.kernel.clock.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(default="")),
                ("mark", models.IntegerField(default=0)),
                ("undo_mark", models.BigIntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("unchanged", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("held", models.IntegerField(default=0)),
                ("undone", models.IntegerField(default=0)),
                ("left", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "bulk_work",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=[state for state, _ in _STATES]), name="bulk_work_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(action__in=[action for action, _ in _ACTIONS]),
                        name="bulk_work_action",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkBlock",
            fields=[
                ("pk", _key("work_id", "number")),
                ("work", _of_work("blocks", constrained=True)),
                ("number", models.IntegerField()),
                ("ids", django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), size=None)),
                (
                    "versions",
                    django.contrib.postgres.fields.ArrayField(models.IntegerField(), null=True, size=None),
                ),
            ],
            options={"db_table": "bulk_block"},
        ),
        migrations.CreateModel(
            name="BulkResult",
            fields=[
                ("pk", _key("work_id", "customer_id")),
                ("work", _of_work("results", constrained=False)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                ("outcome", models.CharField(choices=_OUTCOMES, max_length=10)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("reason", models.TextField(default="")),
            ],
            options={"db_table": "bulk_result"},
        ),
        migrations.AlterField(
            model_name="pendingchange",
            name="action",
            field=models.CharField(
                choices=[("update", "Change"), ("create", "New card"), ("bulk", "Bulk edit")], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="pendingchange",
            name="work",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pending_change",
                to="customers.bulkwork",
            ),
        ),
        migrations.RemoveConstraint(model_name="pendingchange", name="pending_change_customer"),
        migrations.AddConstraint(
            model_name="pendingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("action", "create"),
                    ("customer__isnull", False),
                    ("work__isnull", False),
                    _connector="OR",
                ),
                name="pending_change_customer",
            ),
        ),
    ]
