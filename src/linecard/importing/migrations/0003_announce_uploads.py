"""Open pages hear how uploads go on."""

from django.db import migrations

from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("importing", "0002_order_of_uploads"), ("web", "0003_live_announce")]
    operations = [announce_rows("upload", grid="uploads")]
