"""Open pages hear what becomes of messages."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql
from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds a function and triggers."""

    dependencies = [("messaging", "0001_sends"), ("web", "0003_live_announce")]
    operations = [
        migrations.RunSQL(
            read_sql(__file__, "live_announce_messages"), "DROP FUNCTION live_announce_messages()"
        ),
        announce_rows("message", grid="messages", function="live_announce_messages"),
    ]
