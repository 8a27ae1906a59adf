"""Open pages hear that there are new entries."""

from django.db import migrations

from linecard.web.live.triggers import announce_many


class Migration(migrations.Migration):
    """Adds a trigger. An entry is never changed."""

    dependencies = [("audit", "0004_never_emptied"), ("web", "0004_live_announce_many")]
    operations = [announce_many("audit_entry", grid="audit", events="INSERT")]
