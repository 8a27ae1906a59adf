"""Open pages hear of changed groups and resellers, and of how many users they have."""

from django.db import migrations

from linecard.web.live.triggers import announce_many

# When somebody signs in, that is noted as well.
_MOVED = "INSERT OR DELETE OR UPDATE OF reseller_id"


class Migration(migrations.Migration):
    """Adds triggers."""

    dependencies = [("accounts", "0005_announce_users"), ("web", "0004_live_announce_many")]
    operations = [
        announce_many("user_group", grid="groups"),
        announce_many("user_in_group", grid="groups"),
        announce_many("reseller", grid="resellers"),
        announce_many("linecard_user", grid="resellers", events=_MOVED),
    ]
