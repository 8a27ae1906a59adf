"""The database itself refuses to change the audit trail."""

from django.db import migrations

from linecard.kernel.sql_files import read_sql


class Migration(migrations.Migration):
    """Adds a trigger."""

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(read_sql(__file__, "append_only"), "DROP FUNCTION audit_entry_append_only CASCADE"),
    ]
