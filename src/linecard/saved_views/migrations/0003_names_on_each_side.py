"""A name is free again for whoever has left a view of that name behind on another side."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Loosens a constraint."""

    dependencies = [("saved_views", "0002_side_of_shared_views")]
    operations = [
        migrations.RemoveConstraint(model_name="savedview", name="saved_view_name_once"),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("shared", False)),
                fields=("owner", "grid", "name_key"),
                name="saved_view_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("shared", True)),
                fields=("owner", "grid", "name_key", "reseller"),
                name="saved_view_name_once_on_side",
                nulls_distinct=False,
            ),
        ),
    ]
