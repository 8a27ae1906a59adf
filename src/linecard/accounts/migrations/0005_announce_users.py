"""Open pages hear of changed users, and streams of those who may hear no more end at once."""

from django.db import migrations

from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("accounts", "0004_sign_in"), ("web", "0003_live_announce")]
    operations = [announce_rows("linecard_user", grid="users")]
