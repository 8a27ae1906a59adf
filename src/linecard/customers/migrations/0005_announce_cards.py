"""Open pages hear of changed cards."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql

_BACK = "; ".join(f"DROP TRIGGER customer_announce_{what} ON customer" for what in ("new", "changed", "gone"))


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("customers", "0004_orders_of_the_delay_log"), ("web", "0003_live_announce")]
    operations = [migrations.RunSQL(read_sql(__file__, "announce_cards"), _BACK)]
