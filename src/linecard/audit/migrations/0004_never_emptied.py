"""The database refuses to empty the audit trail, too."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql


class Migration(migrations.Migration):
    """Adds a trigger."""

    dependencies = [("audit", "0003_words")]
    operations = [
        migrations.RunSQL(
            read_sql(__file__, "never_emptied"), "DROP TRIGGER audit_entry_never_emptied ON audit_entry"
        ),
    ]
