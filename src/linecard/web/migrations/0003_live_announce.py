"""What triggers and actions call so that open pages hear of changed rows."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql


class Migration(migrations.Migration):
    """Adds two functions."""

    dependencies = [("web", "0002_job_ids")]
    operations = [
        migrations.RunSQL(
            read_sql(__file__, "live_announce"),
            "DROP FUNCTION live_announce_rows(); DROP FUNCTION live_announce(text, bigint, bigint[])",
        ),
    ]
