"""Open pages hear what becomes of pending changes."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql
from linecard.web.live.triggers import announce_rows

_DROP = "DROP FUNCTION live_announce_rows_of_cards(); DROP FUNCTION reseller_of_row(bigint, bigint)"


class Migration(migrations.Migration):
    """Adds triggers. Whose a change is follows its card, which may move."""

    dependencies = [("customers", "0009_blocks_as_they_are"), ("web", "0003_live_announce")]
    operations = [
        migrations.RunSQL(read_sql(__file__, "live_announce_rows_of_cards"), _DROP),
        announce_rows("pending_change", grid="pending-changes", function="live_announce_rows_of_cards"),
    ]
