"""Open pages hear of changed cards."""

from django.db import migrations

from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("customers", "0004_orders_of_the_delay_log"), ("web", "0003_live_announce")]
    operations = [announce_rows("customer", grid="customers")]
