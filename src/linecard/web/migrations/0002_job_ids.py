"""One sequence numbers long work of every kind, so that an id alone says which job is meant."""

from django.db import migrations


class Migration(migrations.Migration):
    """Adds the sequence."""

    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE job_id AS bigint", "DROP SEQUENCE job_id")]
