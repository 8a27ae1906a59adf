"""The orders in which the delay log is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds two indexes."""

    dependencies = [("customers", "0003_portal_access_is_an_object")]
    operations = [
        migrations.AddIndex(
            model_name="pendingchange",
            index=models.Index(fields=["made_at", "id"], name="pending_change_by_plan"),
        ),
        migrations.AddIndex(
            model_name="pendingchange",
            index=models.Index(fields=["run_at", "id"], name="pending_change_by_time"),
        ),
    ]
