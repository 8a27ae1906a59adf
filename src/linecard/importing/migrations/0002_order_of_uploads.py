"""The order in which uploads are listed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds an index."""

    dependencies = [("importing", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="upload", index=models.Index(fields=["made_at", "id"], name="upload_by_time")
        ),
    ]
