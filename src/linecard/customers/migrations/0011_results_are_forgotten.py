from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_announce_pending_changes")]
    operations = [
        migrations.AddField(
            model_name="bulkwork", name="forgotten_at", field=models.DateTimeField(null=True)
        ),
    ]
