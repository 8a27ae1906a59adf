"""Open pages hear how bulk works go on."""

from django.db import migrations

from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("customers", "0007_count_from_indexes"), ("web", "0003_live_announce")]
    operations = [announce_rows("bulk_work", grid="bulk-works")]
