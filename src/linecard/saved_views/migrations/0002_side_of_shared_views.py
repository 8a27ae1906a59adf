"""A shared view belongs to the side where it was shared, wherever its owner is."""

import django.db.models.deletion
from django.db import migrations, models

_PRESENT_SIDES = """
    UPDATE saved_view SET reseller_id = linecard_user.reseller_id
    FROM linecard_user WHERE linecard_user.id = saved_view.owner_id AND saved_view.shared
"""


class Migration(migrations.Migration):
    """Nobody knows where a view was shared first: it belongs to where its owner is."""

    dependencies = [("accounts", "0006_announce_groups_and_resellers"), ("saved_views", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="savedview",
            name="reseller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.reseller",
            ),
        ),
        migrations.RunSQL(_PRESENT_SIDES, migrations.RunSQL.noop),
        # the foreign key is checked now: a table with checks that wait cannot be changed
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("shared", True), ("reseller", None), _connector="OR"),
                name="saved_view_side_of_shared",
            ),
        ),
    ]
