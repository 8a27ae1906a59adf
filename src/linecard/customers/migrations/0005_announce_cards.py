"""Open pages hear of changed cards."""

from django.db import migrations

from linecard.web.live.triggers import announce_rows


class Migration(migrations.Migration):
    """Adds triggers."""

<<<<<<< HEAD:src/linecard/customers/migrations/0005_announce_cards.py
    dependencies = [("customers", "0004_orders_of_the_delay_log"), ("web", "0003_live_announce")]
    operations = [migrations.RunSQL(read_sql(__file__, "announce_cards"), _BACK)]
=======
    dependencies = [("customers", "0003_portal_access_is_an_object"), ("web", "0003_live_announce")]
    operations = [announce_rows("customer", grid="customers")]
>>>>>>> grid:src/linecard/customers/migrations/0004_announce_cards.py
