"""Open pages hear how sends go."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql
from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds a function and triggers."""

    dependencies = [("messaging", "0004_retried_by"), ("web", "0003_live_announce")]
    operations = [
        migrations.RunSQL(read_sql(__file__, "live_announce_sends"), "DROP FUNCTION live_announce_sends()"),
        announce_rows("message_send", grid="sends", function="live_announce_sends"),
    ]
