"""Which cards a bulk work is about is kept as it is: to compress it took longer than to find the cards."""

from django.db import migrations

_STORE = "ALTER TABLE bulk_block ALTER ids SET STORAGE {0}, ALTER versions SET STORAGE {0}"


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_announce_bulk_works")]
    operations = [migrations.RunSQL(_STORE.format("EXTERNAL"), _STORE.format("EXTENDED"))]
