import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("customers", "0002_keep_currency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func("portal_access", function="jsonb_typeof", output_field=models.TextField()),
                    models.Value("object"),
                ),
                name="customer_portal_access",
            ),
        ),
    ]
