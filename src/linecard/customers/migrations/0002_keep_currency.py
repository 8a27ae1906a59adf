"""The database itself refuses to change a card's currency."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql


class Migration(migrations.Migration):
    """Adds a trigger."""

    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            read_sql(__file__, "keep_currency"), "DROP FUNCTION customer_keep_currency CASCADE"
        ),
    ]
