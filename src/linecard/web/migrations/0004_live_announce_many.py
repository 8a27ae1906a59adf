"""What triggers call so that open pages hear of changes where it does not matter of which rows."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql


class Migration(migrations.Migration):
    """Adds a function."""

    dependencies = [("web", "0003_live_announce")]
    operations = [
        migrations.RunSQL(read_sql(__file__, "live_announce_many"), "DROP FUNCTION live_announce_many()")
    ]
