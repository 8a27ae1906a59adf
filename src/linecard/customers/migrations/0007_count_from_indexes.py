"""The indexes that order the cards also tell which are archived, so that a list is counted from them alone."""

from django.db import migrations, models

FIELDS = {
    "name": "name_key",
    "status": "status",
    "country": "country",
    "currency": "currency",
    "updated_at": "updated_at",
    "reseller": "reseller_id",
    "account_manager": "account_manager_id",
}


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_bulk_work")]

    operations = [
        operation
        for name, field in FIELDS.items()
        for operation in (
            migrations.RemoveIndex(model_name="customer", name=f"customer_by_{name}"),
            migrations.AddIndex(
                model_name="customer",
                index=models.Index(fields=[field, "id"], include=["archived_at"], name=f"customer_by_{name}"),
            ),
        )
    ]
